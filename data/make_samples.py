"""Recompute the sample tables of this folder from their published laws."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).parent

US_BRACKETS = [
    (0, "0.10"),
    (11_600, "0.12"),
    (47_150, "0.22"),
    (100_525, "0.24"),
    (191_950, "0.32"),
    (243_725, "0.35"),
    (609_350, "0.37"),
]
# The personal allowance shrinks by £1 for every £2 above £100,000, which makes 40 % into 60 %.
UK_BRACKETS = [
    (0, "0"),
    (12_570, "0.20"),
    (50_270, "0.40"),
    (100_000, "0.60"),
    (125_140, "0.45"),
]
NIIT_RATE = Decimal("0.038")
NIIT_THRESHOLD = 200_000
# Schedule SE (Form 1040), 2024: wages and net earnings of lines 8d and 6.
WAGE_BASE = 168_600
SOCIAL_SECURITY, MEDICARE = Decimal("0.124"), Decimal("0.029")
# Diameter at 4.5 feet in inches, height in feet, volume of timber in cubic feet.
CHERRY_TREES = """
8.3 70 10.3, 8.6 65 10.3, 8.8 63 10.2, 10.5 72 16.4, 10.7 81 18.8, 10.8 83 19.7, 11.0 66 15.6,
11.0 75 18.2, 11.1 80 22.6, 11.2 75 19.9, 11.3 79 24.2, 11.4 76 21.0, 11.4 76 21.4, 11.7 69 21.3,
12.0 75 19.1, 12.9 74 22.2, 12.9 85 33.8, 13.3 86 27.4, 13.7 71 25.7, 13.8 64 24.9, 14.0 78 34.5,
14.2 80 31.7, 14.5 74 36.3, 16.0 72 38.3, 16.3 77 42.6, 17.3 81 55.4, 17.5 82 55.7, 17.9 80 58.3,
18.0 80 51.5, 18.0 80 51.0, 20.6 87 77.0
"""
# Geopotential altitude in km and temperature gradient in K/km above it.
ATMOSPHERE = [
    ("0", "-6.5"),
    ("11", "0"),
    ("20", "1.0"),
    ("32", "2.8"),
    ("47", "0"),
    ("51", "-2.8"),
    ("71", "-2.0"),
]

# Resistance over 100 ohm: 1 + A t + B t², below 0 °C also C (t − 100) t³.
PT100 = Decimal("3.9083e-3"), Decimal("-5.775e-7"), Decimal("-4.183e-12")
STAMP_DUTY = [(0, "0"), (250_000, "0.05"), (925_000, "0.10"), (1_500_000, "0.12")]
# Wind speed in m/s and electrical power in kW, as the manufacturer gives them.
WIND_TURBINE = [
    ("2.5", 0), ("3", 13), ("3.5", 51), ("4", 107), ("4.5", 175), ("5", 253), ("5.5", 346),
    ("6", 454), ("6.5", 584), ("7", 738), ("7.5", 912), ("8", 1109), ("8.5", 1321), ("9", 1538),
    ("9.5", 1734), ("10", 1873), ("10.5", 1951), ("11", 1984), ("11.5", 1995), ("12", 2000),
    ("20", 2000),
]  # fmt: skip


def piecewise(start: Decimal, pieces: list[tuple[Decimal, Decimal]], x: Decimal) -> Decimal:
    """Value at x of the law that starts at the first break and has the given slopes."""
    value = start
    ends = [*(low for low, _ in pieces[1:]), x]
    for (low, slope), high in zip(pieces, ends, strict=True):
        value += slope * max(Decimal(0), min(x, high) - low)
    return value


def incomes(brackets: list[tuple[int, str]], top: int) -> list[int]:
    """Unevenly spaced whole incomes, several in every bracket and none on a bracket's edge."""
    edges = [low for low, _ in brackets] + [top]
    chosen = {0, top}
    for k, (low, high) in enumerate(pairwise(edges)):
        for j in range(1, 11):
            share = (618 * j + 70 * k) % 1000 / 1000
            chosen.add(int(low + share * (high - low)) // 25 * 25 + 10)
    return sorted(chosen)


def write(name: str, header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    """Write a table."""
    with (HERE / name).open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def tax_table(
    name: str, brackets: list[tuple[int, str]], top: int, header: tuple[str, str], digit: str
) -> None:
    """Tax owed at unevenly spaced amounts, rounded half to even to a digit."""
    pieces = [(Decimal(low), Decimal(rate)) for low, rate in brackets]
    rows: list[tuple[object, Decimal]] = [
        (
            income,
            piecewise(Decimal("0.00"), pieces, Decimal(income)).quantize(
                Decimal(digit), rounding=ROUND_HALF_EVEN
            ),
        )
        for income in incomes(brackets, top)
    ]
    write(name, header, rows)


def pt100() -> list[tuple[int, Decimal]]:
    """Resistance of platinum thermometers every 10 °C, in hundredths of an ohm."""
    a, b, c = PT100
    rows = []
    for t in range(-200, 851, 10):
        ratio = 1 + a * t + b * t**2 + (c * (t - 100) * t**3 if t < 0 else 0)
        rows.append((t, (100 * ratio).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)))
    return rows


def investment_tax() -> list[tuple[int, int, Decimal]]:
    """Net investment income tax of single filers at uneven whole amounts."""
    rows = []
    for k in range(60):
        other = (7919 * k + 1234) % 40_000 * 10
        investment = (6007 * k + 357) % 12_000 * 10
        excess = max(0, other + investment - NIIT_THRESHOLD)
        rows.append((other, investment, NIIT_RATE * min(investment, excess)))
    return rows


def self_employment_tax() -> list[tuple[int, int, Decimal]]:
    """Lines 9 to 12 of Schedule SE at uneven whole amounts, the tax in whole dollars."""
    rows = []
    for k in range(80):
        wages = (7919 * k + 1234) % 30_000 * 10
        earnings = (6007 * k + 357) % 18_000 * 10 + 1000
        taxable = min(earnings, max(0, WAGE_BASE - wages))
        tax = SOCIAL_SECURITY * taxable + MEDICARE * earnings
        rows.append((wages, earnings, tax.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)))
    return rows


def main() -> None:
    """Write all tables."""
    usd, gbp = ("income_usd", "tax_usd"), ("income_gbp", "tax_gbp")
    tax_table("us_income_tax_2024.csv", US_BRACKETS, 1_000_000, usd, "0.01")
    tax_table("us_income_tax_2024_rounded.csv", US_BRACKETS, 1_000_000, usd, "1")
    tax_table("uk_income_tax_2024.csv", UK_BRACKETS, 200_000, gbp, "0.01")
    price = ("price_gbp", "duty_gbp")
    tax_table("uk_stamp_duty_2024.csv", STAMP_DUTY, 2_500_000, price, "1")
    write("pt100_iec_60751.csv", ("temperature_C", "resistance_ohm"), pt100())
    write("wind_turbine_v100.csv", ("wind_m_per_s", "power_kW"), WIND_TURBINE)
    pieces = [(Decimal(low), Decimal(slope)) for low, slope in ATMOSPHERE]
    heights = [Decimal(k) * Decimal("1.7") for k in range(50)] + [Decimal("84.5")]
    temperatures: list[tuple[object, Decimal]] = [
        (height, piecewise(Decimal("288.15"), pieces, height)) for height in heights
    ]
    write("standard_atmosphere_1976.csv", ("altitude_km", "temperature_K"), temperatures)
    plateau = zip(range(-2, 4), (0, 0, 1, 1, 0, 0), strict=True)
    write(
        "us_net_investment_income_tax.csv",
        ("other_income_usd", "investment_income_usd", "tax_usd"),
        investment_tax(),
    )
    write(
        "us_self_employment_tax_2024.csv",
        ("wages_usd", "net_earnings_usd", "tax_usd"),
        self_employment_tax(),
    )
    write(
        "cherry_trees.csv",
        ("diameter_in", "height_ft", "volume_ft3"),
        [tuple(tree.split()) for tree in CHERRY_TREES.split(",")],
    )
    write("peak_plateau.csv", ("x", "y"), [(x, Decimal(y)) for x, y in plateau])


if __name__ == "__main__":
    main()
