"""Examples at the end of every ``--help``, which tests run."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "": (
        "exactsparse solve data/us_income_tax_2024_rounded.csv --tolerance auto",
        "exactsparse solve --help",
    ),
    "solve": (
        "exactsparse solve data/peak_plateau.csv",
        "exactsparse solve data/us_income_tax_2024_rounded.csv --tolerance auto",
        "exactsparse solve data/wind_turbine_v100.csv --knots 4 --plot law.png",
        "exactsparse solve data/peak_plateau.csv --certificate proof.json",
        "exactsparse solve data/peak_plateau.csv --export network.json",
        "exactsparse solve data/cherry_trees.csv --x diameter_in --tolerance 8",
    ),
    "check": (
        "exactsparse check proof.json data/peak_plateau.csv",
        "exactsparse check proof.json data/peak_plateau.csv --json",
    ),
    "verify": (
        "exactsparse verify network.json data/peak_plateau.csv",
        "exactsparse verify network.json data/peak_plateau.csv --out smaller.json",
    ),
    "tradeoff": (
        "exactsparse tradeoff data/us_income_tax_2024_rounded.csv --plot curve.png",
        "exactsparse tradeoff data/us_net_investment_income_tax.csv --parameters 2",
    ),
    "patterns": (
        "exactsparse patterns data/peak_plateau.csv",
        "exactsparse patterns data/cherry_trees.csv --full",
    ),
    "train": (
        "exactsparse train data/peak_plateau.csv --restarts 4 --steps 500",
        "exactsparse train data/peak_plateau.csv --p 0.4 --out trained.json",
    ),
    "reproduce": ("exactsparse reproduce figure-3 --seeds 4 --steps 1000",),
}


def epilog(command: str) -> str:
    """The examples of a command, each a paragraph, as the end of its help.

    Parameters
    ----------
    command : str
        Its name; empty for the program.

    Examples
    --------
    >>> epilog("reproduce").splitlines()
    ['Examples:', '', 'exactsparse reproduce figure-3 --seeds 4 --steps 1000']
    """
    return "\n\n".join(("Examples:", *EXAMPLES[command]))
