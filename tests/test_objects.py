"""What objects say of themselves, and what they say where they are given something else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import exactsparse as es


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
