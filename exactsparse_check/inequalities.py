"""Linear equations and inequalities over the rationals, in integers."""

from collections.abc import Callable, Sequence

from exactsparse_check.linear import Span, Vector


def relations(
    columns: Sequence[Vector], pause: Callable[[], object] = lambda: None
) -> list[Vector]:
    """Return a basis of the u with sum_j u_j columns[j] = 0, in integers.

    Each has a nonzero last entry where a column depends on the ones before it, and 0 after it.
    `pause` is called where numbers are long, and may raise.
    """
    span, found, n = Span(pause=pause), list[Vector](), len(columns[0])
    for j, column in enumerate(columns):
        # What is reduced keeps record of the multiples that were added up.
        rest = span.rest([*column, *(int(i == j) for i in range(len(columns)))])
        if any(rest[:n]):
            span.add(rest)
        else:
            found.append(rest[n:])
    return found


def is_feasible(inequalities: Sequence[Vector]) -> bool:
    """Whether some z has b + a . z >= 0 for all of the inequalities (b, *a).

    Row r of the tableau says D slack_r = b_r + sum_j a_rj x_j, with D > 0. At first the x_j are the
    z_j. One after the other is exchanged for a slack, and the row that then defines it is dropped,
    as z_j may have any sign; a column of zeros is dropped. All x_j are slacks then. As long as some
    b_r < 0, the first such slack has to grow, hence some x_j > 0 with a_rj > 0: if there is none,
    nothing is feasible, and else the first such x_j is exchanged for it. This is the dual simplex
    method without costs; with the first choice each time it ends (Bland 1977). The exchange leaves
    integers, as all entries are minors of the first tableau (Edmonds 1967).
    """
    rows = {r: list(row) for r, row in enumerate(inequalities)}
    names, common = list[int](), 1
    for _ in range(len(inequalities[0]) - 1 if inequalities else 0):
        column = len(names) + 1
        r = next((r for r, row in rows.items() if row[column]), None)
        if r is None:
            rows = {r: row[:column] + row[column + 1 :] for r, row in rows.items()}
        else:
            common = _exchange(rows, r, column, common)
            del rows[r]
            names.append(r)
    while (r := min((r for r, row in rows.items() if row[0] < 0), default=None)) is not None:
        growing = [(name, j) for j, name in enumerate(names, 1) if rows[r][j] > 0]
        if not growing:
            return False
        name, column = min(growing)
        common = _exchange(rows, r, column, common)
        rows[name], names[column - 1] = rows.pop(r), r
    return True


def _exchange(rows: dict[int, list[int]], r: int, column: int, common: int) -> int:
    """Solve row r for the x of a column, and put it into the other rows; return the new D."""
    top = rows[r]
    pivot = top[column]
    side = 1 if pivot > 0 else -1
    for s, row in rows.items():
        if s != r:
            b = row[column]
            rows[s] = [side * (pivot * x - b * y) // common for x, y in zip(row, top, strict=True)]
            rows[s][column] = side * b
    rows[r] = [-side * y for y in top]
    rows[r][column] = side * common
    return side * pivot
