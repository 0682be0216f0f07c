"""What was fitted: the names, the rows, and what a reader noted."""

from __future__ import annotations

from typing import Any

from exactsparse.problem.dataset import Dataset

_NAMES_SHOWN = 6


def fitted(dataset: Dataset) -> str:
    """Label, features and rows in one line: ``tax_usd from income_usd, 72 rows``."""
    shown = ", ".join(dataset.feature_names[:_NAMES_SHOWN])
    more = dataset.n_features - _NAMES_SHOWN
    shown += f" and {more} more" if more > 0 else ""
    rows = "1 row" if dataset.n_points == 1 else f"{dataset.n_points} rows"
    return f"{dataset.label_name} from {shown}, {rows}"


def data_json(dataset: Dataset) -> dict[str, Any]:
    """Names, rows and notes for JSON."""
    return {
        "y": dataset.label_name,
        "x": list(dataset.feature_names),
        "rows": dataset.n_points,
        "notes": list(dataset.notes),
    }
