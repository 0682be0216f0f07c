"""Replays a certificate of optimality, by the standard library alone and in exact numbers."""

import csv
import json
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from os import PathLike
from typing import Any

from exactsparse_check import data as read
from exactsparse_check.data import Points, Rejected, UsageError, fit, rational, require
from exactsparse_check.powers import PowerSum
from exactsparse_check.univariate import check_bound, check_cost, check_fit

__all__ = ["UsageError", "Verdict", "check"]

Path = str | PathLike[str]


@dataclass(frozen=True)
class Verdict:
    """Whether a certificate was accepted, and what was replayed."""

    accepted: bool
    reason: str
    replayed: tuple[str, ...]
    not_replayed: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in a line."""
        return "accepted" if self.accepted else f"rejected: {self.reason}"


def check(certificate: Path, data: Path | None = None) -> Verdict:
    """Replay the certificate in a file; UsageError if a file is missing or cannot be read."""
    done: list[str] = []
    try:
        _replay(certificate, data, done)
    except OSError as error:
        raise UsageError(f"cannot read {error.filename!a}: {error.strerror}") from error
    except (Rejected, csv.Error) as error:
        reason = str(error)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = f"malformed: not JSON in UTF-8 of moderate depth ({error})"
    else:
        missing = "that a data file of yours holds these points; pass DATA"
        return Verdict(True, "", tuple(done), (missing,) if data is None else ())
    return Verdict(False, reason, tuple(done), ("what comes after the failure",))


def _replay(certificate: Path, data: Path | None, done: list[str]) -> None:
    tree = read.certificate(certificate)
    objective, about, points = tree["objective"], tree["data"], tree["data"]["points"]
    known = (objective["kind"], objective["p"] is None) in (("neurons", True), ("path_norm", False))
    require(known, "malformed: unknown objective, or kind and p do not go together")
    p = Fraction(0) if objective["p"] is None else rational(objective["p"])
    require(0 <= p <= 1, "malformed: p is outside [0, 1]")
    between = 0 < p < 1
    value = fit(tree["claim"]["value"], (rational, rational) if between else rational if p else int)
    low, high = value if between else (Fraction(value), Fraction(value))
    kind, entry = ("path_dual", "shared") if p else ("witnesses", "indices")
    indices = fit(tree["lower_bound"], {"kind": kind, entry: [int]})[entry]
    if points is not None:
        points = fit(points, [(rational, rational)])
        _identify(points, about, "the points in the certificate")
    if data is not None:
        points = read.table(data, about)
        _identify(points, about, "the points in DATA")
        done.append("that the data file holds the points of the certificate")
    if points is None:
        raise UsageError("the certificate does not hold its points: pass DATA")
    done.append("that the points have the sha256 of the certificate")
    neurons = [(*n["weights"], n["bias"], n["output"]) for n in tree["network"]["neurons"]]
    require(all(w * v for w, _, v in neurons), "a neuron of the network is zero")
    skip = tree["network"]["skip"]
    check_fit(points, neurons, skip["weights"][0], skip["bias"])
    done.append("that the network passes through every point")
    cost = PowerSum(p)
    for w, _, v in neurons:
        cost.add(Fraction(1), abs(v * w))
    check_cost(cost, low, high)
    done.append("that the network costs what is claimed")
    check_bound(points, indices, cost)
    done.append("that no network through these points costs less")


def _identify(points: Points, about: dict[str, Any], what: str) -> None:
    require(all(p[0] < q[0] for p, q in pairwise(points)), f"{what} are not strictly sorted by x")
    same = len(points) == about["n_points"] and read.digest(points) == about["sha256"]
    require(points and same, f"{what} are not those of data.sha256 and data.n_points")
