"""Backends run in a process of their own, which is ended when the time is up or on Ctrl-C.

A solver that ignores its limit, or crashes, takes nothing with it.  The process is started afresh
rather than forked, so that no two solvers share one, and by command rather than by
``multiprocessing``, which would run the caller's script again.
"""

from __future__ import annotations

import json
import math
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import IO, Any

from exactsparse.progress import Deadline
from exactsparse.routes.big_m.backend import Backend, from_message
from exactsparse.routes.big_m.budget import BUDGET
from exactsparse.routes.big_m.program import BigMProgram
from exactsparse.upper_bounds.claims import Claim, ClaimStatus


def claims(
    backend: Backend, program: BigMProgram, deadline: Deadline, pulse: Callable[[], None]
) -> Generator[Claim]:
    """What a backend claims, as it comes; the last claim is the final one.

    Parameters
    ----------
    backend : Backend
        The solver.
    program : BigMProgram
        What it is asked.
    deadline : Deadline
        Its limit; the process is ended soon after.
    pulse : callable
        Called now and then while nothing is heard; may raise to end the process.

    Yields
    ------
    Claim
        Failures included: they are claims of status ``failed``.  When the iterator is closed, the
        process is ended.
    """
    left = deadline.seconds_left
    ends_at = time.time() + left if math.isfinite(left) else None
    process = subprocess.Popen(
        [sys.executable, "-m", "exactsparse.routes.big_m.solver_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
        # Ctrl-C on a terminal is for this process, which then ends the other.
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    lines: queue.Queue[str | None] = queue.Queue()
    content = pickle.dumps((backend, program, ends_at))
    # A process that starts slowly must not hold up this one.
    writer = threading.Thread(target=_write, args=(process.stdin, content), daemon=True)
    reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
    try:
        reader.start()
        writer.start()
        while True:
            claim, last = _next(lines, process, deadline, pulse)
            yield claim
            if last:
                return
    finally:
        process.kill()
        process.wait()
        reader.join()
        writer.join()
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.close()


def _next(
    lines: queue.Queue[str | None],
    process: subprocess.Popen[bytes],
    deadline: Deadline,
    pulse: Callable[[], None],
) -> tuple[Claim, bool]:
    """The next claim, and whether it is the last."""
    end = Deadline(deadline.seconds_left + BUDGET.grace_seconds)
    while True:
        try:
            line = lines.get(timeout=min(end.seconds_left, BUDGET.pulse_seconds))
            break
        except queue.Empty:
            if not end.seconds_left:
                return _failed("the solver did not stop at its time limit, and was ended"), True
            pulse()
    if line is None:
        code = process.wait()
        return _failed(f"the solver's process ended without an answer (exit code {code})"), True
    try:
        message: dict[str, Any] = json.loads(line)
        return from_message(message), bool(message["last"])
    except (ValueError, KeyError, TypeError) as error:
        return _failed(f"the solver's answer cannot be read: {error!r}"), True


def _failed(message: str) -> Claim:
    return Claim(ClaimStatus.FAILED, message=message)


def _write(pipe: IO[bytes], content: bytes) -> None:
    """Hand the work over; a process that died before is noticed when it is listened to."""
    with suppress(BrokenPipeError):
        pipe.write(content)
        pipe.flush()


def _read(pipe: IO[bytes], lines: queue.Queue[str | None]) -> None:
    for line in pipe:
        lines.put(line.decode("utf-8", "replace"))
    lines.put(None)
