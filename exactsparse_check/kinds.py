"""The kinds of proofs: of each, what must stand in a certificate, and who checks it."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from random import Random
from typing import Any, NamedTuple

from exactsparse_check.activities import check_activities
from exactsparse_check.band import check_infeasible, check_knots, check_least_tolerance
from exactsparse_check.data import Points
from exactsparse_check.farkas import FarkasCheck
from exactsparse_check.patience import Patience
from exactsparse_check.rays import RayCheck
from exactsparse_check.schema import (
    Rejected,
    Shape,
    Unlike,
    fit,
    in_digits,
    one_of,
    rational,
    require,
)
from exactsparse_check.search import LEVELS, SearchCheck
from exactsparse_check.tolerance_trees import check_tolerance_trees
from exactsparse_check.univariate import check_univariate
from exactsparse_check.verdict import Outcome


class Replay(NamedTuple):
    """What a check may use, and the steps that it has done; `seconds` is None for any time."""

    seconds: float | None
    random: Random
    done: list[str]


class Result(NamedTuple):
    """The outcome where nothing is rejected, its reason, and what was not replayed."""

    outcome: Outcome
    reason: str
    not_replayed: tuple[str, ...]


class Kind(NamedTuple):
    """The shape of a certificate, validated before any work, and the check, which may reject."""

    shape: Shape
    check: Callable[[Any, Points, Replay], Result]


def _univariate(tree: Any, points: Points, replay: Replay) -> Result:
    check_univariate(tree, points, replay.done, Patience(replay.seconds).pause)
    return Result("accepted", "", ())


def _band(
    check: Callable[[Any, Points, list[str], Callable[[], object]], None],
    tree: Any,
    points: Points,
    by: Replay,
) -> Result:
    check(tree, points, by.done, Patience(by.seconds).pause)
    return Result("accepted", "", ())


def _band_tolerance(value: Any) -> Fraction | None:
    """Return a tolerance, which is not negative, or None for an interval per row."""
    if value == "intervals":
        return None
    tolerance = rational(value)
    require(tolerance >= 0, "the tolerance is negative")
    return tolerance


def _activities(tree: Any, points: Points, replay: Replay) -> Result:
    check_activities(tree, points, replay.seconds, replay.done)
    return Result("accepted", "", ())


def _tolerance_trees(tree: Any, points: Points, replay: Replay) -> Result:
    check_tolerance_trees(tree, points, replay.seconds, replay.done)
    return Result("accepted", "", ())


def _limited(value: Any) -> Any:
    """Return the objective of a least tolerance for a number of parameters or of neurons."""
    counted = "neurons" if isinstance(value, dict) and "neurons" in value else "parameters"
    skip = one_of("unknown objective", "none", "affine")
    shape = {"kind": "tolerance", "p": None, "skip": skip, "tolerance": None, counted: int}
    return fit(value, shape)


def _or_band(exact: Any, value: Any) -> Any:
    """Return an objective about labels, or about a band around them."""
    labels = isinstance(value, dict) and "shape" not in value
    return fit(value, exact if labels else exact | {"tolerance": _band_tolerance, "shape": None})


def _shape_name(value: Any) -> Any:
    names = (None, "convex", "concave")
    require(value in names if isinstance(value, str | None) else False, "malformed: unknown shape")
    return value


def _search(tree: Any, points: Points, replay: Replay) -> Result:
    search = SearchCheck(tree, points, replay.seconds, replay.random, replay.done)
    search.run()
    return Result(*search.outcome, tuple(search.not_replayed))


def _whole(kind: type[FarkasCheck | RayCheck], tree: Any, points: Points, by: Replay) -> Result:
    check = kind(tree, points, by.seconds, by.done)
    check.run()
    return Result(*check.outcome, tuple(check.not_replayed))


def _univariate_objective(has_dual: bool, value: Any) -> Any:
    """Return the objective of one feature, with p as a number, if the proof is one for its p."""
    shape = {"kind": str, "p": object, "skip": "affine", "tolerance": "0"}
    about = fit(value, shape)
    known = (about["kind"], about["p"] is None) in (("neurons", True), ("path_norm", False))
    require(known, "malformed: unknown objective, or kind and p do not go together")
    p = Fraction(0) if about["p"] is None else rational(about["p"])
    require(0 <= p <= 1, "malformed: p is outside [0, 1]")
    due = "path_dual, with the keys kind, shared" if p else "witnesses, with the keys kind, indices"
    require(has_dual == bool(p), f"malformed: for p = {in_digits(p)} the proof is due as {due}")
    return about | {"p": p}


# In a shape (s,) is a list of length one, [s] of any length; `object` is looked at with the points.
_ABOUT = {"sha256": str, "n_points": int, "label": str, "points": object}
_SKIP = {"weights": [rational], "bias": rational}
_NEURON = {"weights": [rational], "bias": rational, "output": rational}
_ONE_NEURON = {"weights": (rational,), "bias": rational, "output": rational}
_COMMON = {
    "schema": "exactsparse/certificate/1",
    "data": _ABOUT | {"n_features": int, "features": [str]},
    "objective": {
        "kind": one_of("unknown objective", "parameters", "neurons"), "p": None,
        "skip": one_of("unknown objective", "none", "affine"), "tolerance": "0",
    },
    "claim": {"status": "optimal", "value": int},
    "network": {"neurons": [_NEURON], "skip": Unlike(None, _SKIP)},
    "lower_bound": {"kind": str},
}  # fmt: skip
_ONE_FEATURE = _COMMON | {
    "data": _ABOUT | {"n_features": 1, "features": (str,)},
    "network": {
        "neurons": [_ONE_NEURON], "skip": {"weights": (rational,), "bias": rational},
    },
}  # fmt: skip
_BAND = _ONE_FEATURE | {
    "objective": {
        "kind": "neurons", "p": None, "skip": "affine", "tolerance": _band_tolerance,
        "shape": _shape_name,
    },
}  # fmt: skip
_PATH_NORM = {
    "kind": "path_norm", "p": "1", "skip": one_of("unknown objective", "none", "affine"),
    "tolerance": "0",
}  # fmt: skip
_TREE = {"neurons": [([int], int)], "free": [(int, int)], "steps": [int]}
_LEVEL = {"cost": int, "trees": [_TREE]}
_TRIPLE = (int, int, int, int)
_INFEASIBLE = _BAND | {"claim": {"status": "infeasible", "value": None}, "network": None}
_LEAST = ("least_tolerance", "tolerance_trees")
_BANDS = (*_LEAST, "triples", "forbidding_triple", "empty_interval")
KINDS: dict[str, Kind] = {
    "triples": Kind(
        _BAND | {"lower_bound": {"kind": "triples", "triples": [_TRIPLE]}},
        partial(_band, check_knots),
    ),
    "least_tolerance": Kind(
        _ONE_FEATURE
        | {
            "objective": {
                "kind": "tolerance", "p": None, "skip": "affine", "tolerance": None, "knots": int,
            },
            "claim": {"status": "optimal", "value": rational},
            "lower_bound": {
                "kind": "least_tolerance", "triples": [_TRIPLE], "abscissa": Unlike(None, int),
            },
        },
        partial(_band, check_least_tolerance),
    ),
    "forbidding_triple": Kind(
        _INFEASIBLE | {"lower_bound": {"kind": "forbidding_triple", "triple": _TRIPLE}},
        partial(_band, check_infeasible),
    ),
    "empty_interval": Kind(
        _INFEASIBLE
        | {
            "data": _COMMON["data"],
            "objective": {
                "kind": one_of("unknown objective", "parameters", "neurons", "path_norm"),
                "p": Unlike(None, rational),
                "skip": one_of("unknown objective", "none", "affine"),
                "tolerance": _band_tolerance,
                "shape": _shape_name,
            },
            "lower_bound": {"kind": "empty_interval", "abscissa": int},
        },
        partial(_band, check_infeasible),
    ),
    "witnesses": Kind(
        _ONE_FEATURE
        | {
            "objective": partial(_univariate_objective, False),
            "lower_bound": {"kind": "witnesses", "indices": [int]},
        },
        _univariate,
    ),
    "path_dual": Kind(
        _ONE_FEATURE
        | {
            "objective": partial(_univariate_objective, True),
            "claim": {"status": "optimal", "value": object},
            "lower_bound": {"kind": "path_dual", "shared": [int]},
        },
        _univariate,
    ),
    "search": Kind(_COMMON | {"lower_bound": {"kind": "search", "levels": [LEVELS]}}, _search),
    "activities": Kind(
        _COMMON
        | {
            "objective": partial(_or_band, _COMMON["objective"]),
            "lower_bound": {"kind": "activities", "levels": [_LEVEL]},
        },
        _activities,
    ),
    "tolerance_trees": Kind(
        _COMMON
        | {
            "objective": _limited,
            "claim": {"status": "optimal", "value": rational},
            "lower_bound": {
                "kind": "tolerance_trees", "levels": [_LEVEL], "abscissa": Unlike(None, int),
            },
        },
        _tolerance_trees,
    ),
    "farkas": Kind(
        _COMMON
        | {
            "objective": partial(_or_band, _COMMON["objective"]),
            "lower_bound": {"kind": "farkas", "cuts": [[rational]]},
        },
        partial(_whole, FarkasCheck),
    ),
    "ray_dual": Kind(
        _COMMON
        | {
            "objective": partial(_or_band, _PATH_NORM),
            "claim": {"status": "optimal", "value": rational},
            "lower_bound": {"kind": "ray_dual", "duals": [rational]},
        },
        partial(_whole, RayCheck),
    ),
}  # fmt: skip


def has_windows(tree: Any) -> bool:
    """Whether equal points of a certificate may have different labels, or bounds in their place."""
    return tree["lower_bound"]["kind"] in _BANDS or tree["objective"]["tolerance"] != "0"


def has_bounds(tree: Any) -> bool:
    """Whether rows of a certificate have two bounds in the place of a label."""
    windows = has_windows(tree) and tree["lower_bound"]["kind"] not in _LEAST
    return windows and tree["objective"]["tolerance"] is None


def kind_of(tree: Any) -> Kind:
    """Return the kind of the lower bound of a certificate, or reject."""
    bound = tree.get("lower_bound") if isinstance(tree, dict) else None
    name = bound.get("kind") if isinstance(bound, dict) else None
    found = KINDS.get(name) if isinstance(name, str) else None
    if found is None:
        fit(tree, dict.fromkeys(_COMMON, object))
        raise Rejected(f"malformed: lower_bound.kind is none of {', '.join(KINDS)}")
    return found
