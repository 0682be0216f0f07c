"""Replays a certificate of optimality, by the standard library alone and in exact numbers."""

import csv
import json
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from os import PathLike
from random import Random, SystemRandom
from typing import Any

from exactsparse_check.data import Points, digest, table
from exactsparse_check.kinds import Replay, has_bounds, has_windows, kind_of
from exactsparse_check.patience import OutOfTime, Patience
from exactsparse_check.schema import (
    Rejected,
    Unlike,
    UsageError,
    document,
    fit,
    in_digits,
    rational,
    require,
)
from exactsparse_check.verdict import Verdict

__all__ = ["Points", "Reader", "UsageError", "Verdict", "check"]

Path = str | PathLike[str]
# Of a path, and what a certificate says of its data (features, label, windows: whether equal points
# may have different labels, and bounds: whether rows have two of them in the place of a label), all
# points: sorted, none of them twice.
Reader = Callable[[Path, dict[str, Any]], Points]


def check(
    certificate: Path,
    data: Path | None = None,
    *,
    seconds: float | None = 60.0,
    seed: int | None = None,
    read: Reader | None = None,
) -> Verdict:
    """Replay the certificate in a file; UsageError if a file is missing or cannot be read.

    Of a search by levels, as many shards are replayed as the seconds allow, or all if seconds is
    None. They are drawn at random: from the system's source, or from a seed. Cuts and prices are
    replayed all or, where the seconds do not allow it, left undecided. `read` reads the data, if
    not as CSV or TSV; whatever it returns must have the digest of the certificate. Reading numbers
    longer than floats are may take as many seconds.
    """
    done: list[str] = []
    random = SystemRandom() if seed is None else Random(seed)
    missing = () if data else ("that a data file of yours holds these points; pass DATA",)
    try:
        tree = document(certificate)
        kind = kind_of(tree)
        patience = Patience(seconds)
        tree = fit(tree, kind.shape, patience.spend)
        points = _points(tree, data, read, done, patience)
        try:
            found = kind.check(tree, points, Replay(seconds, random, done))
        except RecursionError:
            return _undecided("it is too large to be gone through", done, missing)
    except OutOfTime:
        return _undecided("it takes too long; pass --full", done, missing)
    except OSError as error:
        raise UsageError(f"cannot read {error.filename!a}: {error.strerror}") from error
    except (Rejected, csv.Error) as error:
        reason = str(error)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = f"malformed: not JSON in UTF-8 of moderate depth ({error})"
    else:
        verified = _statement(tree, points) if found.outcome == "accepted" else ""
        left = (*found.not_replayed, *missing)
        return Verdict(found.outcome, found.reason, tuple(done), left, verified)
    return Verdict("rejected", reason, tuple(done), ("what comes after the failure",))


def _undecided(reason: str, done: list[str], missing: tuple[str, ...]) -> Verdict:
    return Verdict("undecided", reason, tuple(done), (reason, *missing))


def _statement(tree: Any, points: Points) -> str:
    """Say what an accepted certificate proves."""
    about, value = tree["objective"], tree["claim"]["value"]
    by = tree["lower_bound"]["kind"]
    cost = about["kind"]
    if has_windows(tree) and by not in ("ray_dual", "activities", "farkas"):
        return _band_statement(about, value, points)
    if cost == "path_norm":
        cost = f"path norm with p = {in_digits(Fraction(about['p']))}"
    ends = [
        in_digits(rational(end) if isinstance(end, str) else Fraction(end))
        for end in (value if isinstance(value, list) else [value])
    ]
    enclosed = " to ".join(ends)
    skip = "with" if about["skip"] == "affine" else "without"
    met = f"through {len(points)} points"
    if has_windows(tree):
        met = f"within {_within(about['tolerance'])} each of {len(points)} rows"
    return (
        f"optimal: {cost}: {enclosed}, {skip} a free affine part, {met}; "
        f"the lower bound by {by} is the network's cost"
    )


def _within(tolerance: Fraction | None) -> str:
    return "the interval of" if tolerance is None else f"{in_digits(tolerance)} of the label of"


def _band_statement(about: Any, value: Any, points: Points) -> str:
    n = f"{len(points)} rows"
    if about["kind"] == "tolerance":
        counted = next(what for what in ("knots", "parameters", "neurons") if what in about)
        skip = "with" if about["skip"] == "affine" else "without"
        return (
            f"optimal: tolerance: {in_digits(value)} is the least with which {about[counted]} "
            f"{counted} suffice for {n}, {skip} a free affine part"
        )
    within = _within(about["tolerance"])
    shape = "" if about["shape"] is None else f"{about['shape']} "
    if value is None:
        return f"infeasible: no {shape}function is within {within} each of {n}"
    return (
        f"optimal: neurons: {value}, with a free affine part, no {shape}function within {within} "
        f"each of {n} has fewer knots"
    )


def _points(
    tree: Any, data: Path | None, read: Reader | None, done: list[str], patience: Patience
) -> Points:
    """Return the points, from the certificate or the data file."""
    about = tree["data"]
    width = about["n_features"]
    require(width == len(about["features"]) > 0, "malformed: data.features are not n_features")
    windows, bounds = has_windows(tree), has_bounds(tree)
    bound = Unlike(None, rational)
    row = (rational,) * width + ((bound, bound) if bounds else (rational,))
    # Rows of a band are sorted by x and y, as some may have equal x.
    key = width + (windows and not bounds)
    points: Points | None = about["points"]
    if points is not None:
        points = fit(points, [row], patience.spend)
        _identify(points, about, key, "the points in the certificate", patience)
    if data is not None:
        if bounds and read is None:
            raise UsageError("DATA holds labels, not bounds; exactsparse check reads these")
        about = about | {"windows": windows, "bounds": bounds}
        points = read(data, about) if read else table(data, about, patience)
        # Rows of bounds and rows of labels may have the same digest.
        right = all(len(p) == len(row) and (bounds or None not in p) for p in points)
        require(right, "DATA has bounds where the certificate has labels, or labels for bounds")
        _identify(points, about, key, "the points in DATA", patience)
        done.append("that the data file holds the points of the certificate")
    if points is None:
        raise UsageError("the certificate does not hold its points: pass DATA")
    done.append("that the points have the sha256 of the certificate")
    return points


def _identify(
    points: Points, about: dict[str, Any], key: int, what: str, patience: Patience
) -> None:
    sorted_ = all(p[:key] < q[:key] for p, q in pairwise(points))
    require(sorted_, f"{what} are not strictly sorted by x")
    same = len(points) == about["n_points"] and digest(points, patience) == about["sha256"]
    require(points and same, f"{what} are not those of data.sha256 and data.n_points")
