"""How much the route by cuts may spend, and on what: none of it changes what is proved."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Limits of the route by cuts.

    Parameters
    ----------
    easy_nodes : int
        Nodes of the exact branch and bound before CP-SAT is asked where to look, some 10 s.  With
        2,000 it was asked too early: 100 s did not suffice for eight generic points that take 22 s
        so.
    cross_check_seconds : float
        How long CP-SAT is asked, after the proof, what the cuts cost.
    most_refusals : int
        Types that are refused before the growth of a cut ends; 15 was best of 0, 5, 15 and 40 on
        four data sets.
    poll_seconds : float
        How often Ctrl-C is looked for while CP-SAT works.
    grace_seconds : float
        How long CP-SAT may overrun its limit.
    """

    easy_nodes: int = 100_000
    cross_check_seconds: float = 1.0
    most_refusals: int = 15
    poll_seconds: float = 0.1
    grace_seconds: float = 1.0


BUDGET = Budget()
