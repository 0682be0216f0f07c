"""Settings shared by all tests."""

import os
import re
import signal
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, settings

# No test may depend on how fast the machine is; in CI none may depend on chance either.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")

# In the background of a shell Ctrl-C is ignored, which processes that tests start would inherit.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests that may need kernels of trainer and searches, which take a minute to compile once.
_COMPILED = re.compile(
    "train|search|activities|certificate|deadlines|docs|docstrings|estimators|export|interrupts|objects"
    "|report|tradeoff|upper_bounds|verify"
)
_COMPILE = (
    "import exactsparse as es\n"
    "from exactsparse.compiling import QuickStart\n"
    "from exactsparse.training import Regime, Settings, train\n"
    "QuickStart.form = lambda start, units=0: start._kernel\n"
    "data = es.Dataset.from_arrays([0, 1, 2], [0, 1, 0])\n"
    "train(data, Settings((Regime('none'),), width=1, steps=1), device='cpu')\n"
    "for method in ('search', 'tree'):\n"
    "    es.solve([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], method=method)\n"
)


def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: many tests wait for processes that they start."""
    return (os.cpu_count() or 1) + 1


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to compile these beside the other tests, once and not in every worker."""
    if getattr(session.config.option, "numprocesses", None):
        compiling = subprocess.Popen([sys.executable, "-c", _COMPILE])

        def end() -> None:
            compiling.kill()
            compiling.wait()

        session.config.add_cleanup(end)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave them to the end."""
    items.sort(key=lambda item: bool(_COMPILED.search(item.nodeid)))
