"""Backends that misbehave, each in one way; they run in the process of a real one."""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass
from typing import Any

from exactsparse.routes.big_m.backend import Capabilities, Report
from exactsparse.upper_bounds.claims import Claim, ClaimStatus


@dataclass(frozen=True)
class Stub:
    """A backend with a fault."""

    fault: str

    @property
    def name(self) -> str:
        return "stub"

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(module="json", extra="none", reports_incumbents=True)

    def solve(self, program: Any, seconds: float, report: Report) -> Any:
        return getattr(self, f"_{self.fault}")(program, report)

    def _violating(self, program: Any, report: Report) -> Claim:
        """Claims that one neuron is enough."""
        values = [0.0] * len(program.cost)
        values[0] = 1.0
        values[int(program.weights[0][0])] = 1.0
        return Claim(ClaimStatus.OPTIMAL, tuple(values), 1.0, 1.0, 0.1, "all constraints hold")

    def _zeros(self, program: Any, report: Report) -> Claim:
        return Claim(ClaimStatus.STOPPED, (0.0,) * len(program.cost), 0.0, -math.inf, 0.1)

    def _key_error(self, program: Any, report: Report) -> Claim:
        raise KeyError("solution")

    def _wrong_bound(self, program: Any, report: Report) -> Claim:
        return Claim(ClaimStatus.OPTIMAL, None, None, 1000.0, 0.1, "gap 0")

    def _nan(self, program: Any, report: Report) -> Claim:
        values = (math.nan,) * len(program.cost)
        return Claim(ClaimStatus.OPTIMAL, values, math.nan, math.nan, 0.1)

    def _too_short(self, program: Any, report: Report) -> Claim:
        return Claim(ClaimStatus.OPTIMAL, (1.0,), 1.0, 1.0, 0.1)

    def _hang(self, program: Any, report: Report) -> Claim:
        time.sleep(3600)
        raise AssertionError

    def _hang_after_an_incumbent(self, program: Any, report: Report) -> Claim:
        from exactsparse.routes.big_m.backends.highs import Highs

        report(Highs().solve(program, 20.0, lambda claim: None))
        return self._hang(program, report)

    def _crash(self, program: Any, report: Report) -> Claim:
        os._exit(7)

    def _chatter(self, program: Any, report: Report) -> Claim:
        os.write(1, b"banner of a solver\n")
        return self._zeros(program, report)

    def _not_a_claim(self, program: Any, report: Report) -> None:
        """Answers with nothing at all."""
