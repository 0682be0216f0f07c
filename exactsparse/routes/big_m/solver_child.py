"""The process of a backend, started by :mod:`exactsparse.routes.big_m.solver_process`.

Standard input brings the backend, the program and the moment of the limit, pickled by the parent;
standard output takes claims, one JSON object a line.
"""

from __future__ import annotations

import json
import math
import os
import pickle
import sys
import threading
import time
from typing import IO

from exactsparse.routes.big_m.backend import to_message
from exactsparse.upper_bounds.claims import Claim, ClaimStatus


def main() -> None:
    """Run one backend on one program."""
    # What solvers print would stand among the claims: the pipe moves, and 1 becomes 2.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    backend, program, ends_at = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_leave_with_parent, args=(sys.stdin.buffer,), daemon=True).start()
    left = math.inf if ends_at is None else max(ends_at - time.time(), 0.0)
    try:
        _send(out, backend.solve(program, left, lambda claim: _send(out, claim)), last=True)
    except Exception as error:
        # Whatever goes wrong in a backend is its claim's end, never the end of the solve.
        failure = Claim(ClaimStatus.FAILED, message=f"{type(error).__name__}: {error}")
        _send(out, failure, last=True)
    # Some solvers hang or crash while they are taken down, with nothing left to say.
    os._exit(0)


def _send(out: IO[str], claim: Claim, last: bool = False) -> None:
    out.write(json.dumps(to_message(claim) | {"last": last}) + "\n")
    out.flush()


def _leave_with_parent(pipe: IO[bytes]) -> None:
    """Nothing more is written to the pipe: it ends when the parent does."""
    pipe.read()
    os._exit(1)


if __name__ == "__main__":
    main()
