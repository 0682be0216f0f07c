"""What objects say of themselves, and what they say where they are given something else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsparse as es
from exactsparse.models.layers import Layers
from exactsparse.routes.univariate.piecewise_linear import Piece
from exactsparse.tradeoff import TradeoffPoint


@pytest.mark.parametrize("options", [{}, {"tolerance": "0.1"}, {"knots": 1}])
def test_a_solution_called_with_an_array_names_what_takes_one(options: dict[str, object]) -> None:
    solution = es.solve([0, 1, 2], [0, 1, 0], **options)
    for x in ([0, 1], np.array([0.5]), (1,)):
        with pytest.raises(es.ProblemError, match=r"law\.predict\(x\) takes an array"):
            solution(x)
    assert solution("1/2") == solution(0.5)
    assert solution.law.predict([0, 0.5])[1] == pytest.approx(float(solution("1/2")))


@pytest.mark.parametrize("name", ["table.csv", Path("table.csv")])
def test_a_name_of_a_file_in_the_place_of_data(name: str | Path) -> None:
    for call in (es.solve, es.tradeoff, lambda X: es.verify(es.solve([0], [0]).network, X)):
        with pytest.raises(es.ProblemError, match=r"pass exactsparse\.read\('table\.csv'\)"):
            call(name)


def test_an_index_in_the_place_of_a_feature() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"t": [0, 1, 2], "v": [0, 1, 0]}).set_index("t")
    with pytest.raises(es.DataError, match=r"reset_index"):
        es.solve(frame, "v")


def test_a_verification_is_printed_in_a_line() -> None:
    network = es.solve([0, 1, 2, 3], [0, 1, 1, 0], p=1).network
    found = es.verify(network, [0, 1, 2, 3], [0, 1, 1, "0.5"])
    said = "<Verification: 1 neuron, largest residual 0.5, optimum <UnivariateSolution: optimal, "
    assert repr(found).startswith(said) and repr(found).endswith("value 1>>")


def _large() -> dict[str, object]:
    """Objects of many rows, features, neurons, pieces, and of numbers of many digits."""
    long = Fraction(10**5000 + 1, 10**4999 + 3)
    wide = es.Dataset.from_arrays(np.eye(3, 800), [1, 2, 3])
    zigzag = [k % 2 for k in range(600)]
    exact, band = es.solve(range(600), zigzag), es.solve(range(60), zigzag[:60], tolerance="0.1")
    path = es.solve(range(7), [k * k for k in range(7)], p=0.5).p_path()
    search = es.solve([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    neuron, skip = es.Neuron((long,) * 500, long, -long), es.Skip((long,) * 500, long)
    intervals = es.solve(range(600), lower=zigzag).problem
    return {
        "wide": wide, "wide problem": es.Problem.of(wide), "intervals": intervals,
        "bounds": intervals.band, "column": wide.labels, "origin": wide.take([0, 1]).origin,
        "exact": exact, "law": exact.law, "points": exact.law.points, "network": exact.network,
        "neurons": exact.network.neurons[:1], "certificate": exact.certificate, "band": band,
        "chain": band.law, "result": band.result, "pieces": band.first_pieces(1), "path": path,
        "stretches": path.stretches[:1], "neuron": neuron, "skip": skip,
        "long network": es.Network((neuron,) * 9, skip, 500),
        "tradeoff": TradeoffPoint(3, long, long), "long value": es.solve([0, 1], [0, long], p=1),
        "long piece": Piece(long, None, long, long), "search": search,
        "levels": search.levels[:1], "layers": Layers(np.ones((40, 30)), np.ones((1, 40))),
    }  # fmt: skip


def test_no_object_fills_a_screen() -> None:
    for name, thing in _large().items():
        text = repr(thing)
        assert len(text) <= 330 and "\n" not in text and " at 0x" not in text, (name, text)


def test_objects_say_what_they_are() -> None:
    solution = es.solve([0, 1, 2, 3], ["0", "0.5", "0.5", "0"])
    assert repr(solution.law) == "<PiecewiseLinear: 1 knot through 4 points>"
    assert repr(solution.network) == "<Network: 1 neuron and an affine part of 1 feature>"
    assert repr(solution.network.neurons) == "(<Neuron: -1 (x - 1.5)₊>,)"
    assert repr(solution.network.skip) == "<Skip: 0.5 x>"
    assert repr(next(solution.law.pieces())) == "<Piece: 0.5 x from -∞ to 1.5>"
    assert repr(solution.certificate) == "<Certificate: optimal, by witnesses, of 4 points>"
    assert repr(es.solve([0, 1, 2, 3], [0, 2, 3, 3], p=0.5).p_path()).startswith("<PPath: ")
    curve = es.tradeoff([0, 1, 2], [0, 1, 0])
    assert repr(curve[0]) == "<TradeoffPoint: 0 within 0.5, the least>"
    terms = es.Network((es.Neuron((Fraction(1),) * 9, Fraction(2), Fraction(1)),), None, 9).neurons
    assert repr(terms[0]) == "<Neuron: 1 (x1 + x2 + x3 + x4 + x5 + x6 + 2 + … (3 more terms))₊>"
