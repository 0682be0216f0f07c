"""Networks in our own JSON: a network, or a solution or certificate that holds one."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from typing import Any

from exactsparse.errors import DataError
from exactsparse.exact.numbers import to_fraction
from exactsparse.problem.network import Network, Neuron, Skip

SCHEMA = "exactsparse/network/1"


def network_document(network: Network) -> dict[str, Any]:
    """JSON object of the schema ``exactsparse/network/1``, rationals as strings."""
    return {"schema": SCHEMA, "n_features": network.n_features, **network.to_json()}


def read_network_json(data: bytes, origin: str) -> Network:
    """Read a network that ``--export`` or ``--json`` wrote.

    Parameters
    ----------
    data : bytes
        The file.
    origin : str
        What messages call it.

    Raises
    ------
    DataError
        If it is no JSON, or no network.
    """
    try:
        document = json.loads(
            data.decode("utf-8"), parse_float=str, parse_constant=str, object_pairs_hook=_unique
        )
    except DataError as error:
        raise DataError(f"{origin}: {error}") from None
    except (ValueError, RecursionError):
        raise DataError(f"{origin}: the file is no JSON") from None
    n_features = document.get("n_features") if isinstance(document, dict) else None
    if isinstance(document, dict) and isinstance(document.get("network"), dict):
        document = document["network"]
    if not isinstance(document, dict) or not isinstance(document.get("neurons"), list):
        raise DataError(f"{origin}: there is no network in this file, no list of neurons")
    _require_keys(document, ("schema", "n_features", "neurons", "skip"), f"{origin}: the network")
    for k, entry in enumerate(document["neurons"]):
        _require_keys(entry, ("weights", "bias", "output"), f"{origin}: neuron {k}")
    neurons = tuple(
        Neuron(
            _numbers(entry, "weights", f"{origin}: neuron {k}"),
            _number(entry, "bias", f"{origin}: neuron {k}"),
            _number(entry, "output", f"{origin}: neuron {k}"),
        )
        for k, entry in enumerate(document["neurons"])
    )
    skip, part = None, document.get("skip")
    if part is not None:
        where = f"{origin}: the skip"
        _require_keys(part, ("weights", "bias"), where)
        skip = Skip(_numbers(part, "weights", where), _number(part, "bias", where))
    widths = [len(neuron.weights) for neuron in neurons] + ([len(skip.weights)] if skip else [])
    if n_features is None and widths:
        n_features = widths[0]
    if not isinstance(n_features, int) or n_features < 1:
        raise DataError(f"{origin}: the number of features is not given; write n_features")
    if any(width != n_features for width in widths):
        raise DataError(f"{origin}: not every neuron has {n_features} weights")
    return Network(neurons, skip, n_features)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different."""
    held = dict(pairs)
    if len(held) != len(pairs):
        ((name, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise DataError(f"{name!r} is given twice")
    return held


def _require_keys(entry: Any, known: tuple[str, ...], where: str) -> None:
    """Refuse what is said of a network and not understood, as another activation."""
    other = sorted(set(entry) - set(known)) if isinstance(entry, dict) else []
    if other:
        raise DataError(f"{where} has {other[0]!r}, which is none of {', '.join(known)}")


def _numbers(entry: Any, key: str, where: str) -> tuple[Fraction, ...]:
    if not isinstance(entry, dict) or not isinstance(entry.get(key), list):
        raise DataError(f"{where} has no list of {key}")
    return tuple(_exact(value, f"{where}, {key}") for value in entry[key])


def _number(entry: Any, key: str, where: str) -> Fraction:
    if not isinstance(entry, dict) or key not in entry:
        raise DataError(f"{where} has no {key}")
    return _exact(entry[key], f"{where}, {key}")


def _exact(value: object, where: str) -> Fraction:
    try:
        return to_fraction(value)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
