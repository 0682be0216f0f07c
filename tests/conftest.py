"""Settings shared by all tests."""

import os
import signal

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
