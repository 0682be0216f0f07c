"""What was fitted: the names, the rows, and what a reader noted."""

from __future__ import annotations

from typing import Any

from exactsparse.exact.numbers import counted
from exactsparse.problem.dataset import Dataset


def fitted(dataset: Dataset) -> str:
    """Label, features and rows in one line: ``tax_usd from income_usd, 72 rows``."""
    rows = counted(dataset.n_points, "row")
    return f"{dataset.shown_label} from {dataset.listed_features}, {rows}"


def data_json(dataset: Dataset) -> dict[str, Any]:
    """Names, rows and notes for JSON."""
    return {
        "y": dataset.label_name,
        "x": list(dataset.feature_names),
        "rows": dataset.n_points,
        "notes": list(dataset.notes),
    }
