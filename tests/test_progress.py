"""Work that is stopped keeps what it has found."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from exactsparse.progress import Deadline, Stopped, until_stopped


def fail_in_a_loop_of_objects() -> None:
    """As NumPy does when Ctrl-C comes in the middle of object arithmetic."""
    raise SystemError("returned a result with an exception set") from KeyboardInterrupt()


@pytest.mark.parametrize("stop", [Stopped(), KeyboardInterrupt()])
def test_a_stop_ends_the_work(stop: BaseException) -> None:
    found = []
    with until_stopped(Deadline(interrupts_count=True)):
        found.append(1)
        raise stop
    assert found == [1]


def test_ctrl_c_in_a_loop_of_objects_ends_the_work() -> None:
    with until_stopped(Deadline(interrupts_count=True)):
        fail_in_a_loop_of_objects()
    with pytest.raises(KeyboardInterrupt), until_stopped(Deadline()):
        fail_in_a_loop_of_objects()


def test_ctrl_c_is_raised_by_default() -> None:
    with pytest.raises(KeyboardInterrupt), until_stopped(Deadline()):
        raise KeyboardInterrupt
    with until_stopped(Deadline()):
        raise Stopped


def test_other_failures_pass() -> None:
    with pytest.raises(SystemError), until_stopped(Deadline(interrupts_count=True)):
        raise SystemError("something else")
    with pytest.raises(ValueError, match="wrong"), until_stopped(Deadline(interrupts_count=True)):
        raise ValueError("wrong")


@pytest.fixture
def python_handles_interrupts() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, before)


class Dropped:
    """Gets Ctrl-C where Python drops what is raised: in a destructor."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("counts", [True, False])
def test_ctrl_c_that_python_drops_ends_the_work(
    counts: bool, python_handles_interrupts: None
) -> None:
    found, deadline = [], Deadline(interrupts_count=counts)
    raised = nullcontext() if counts else pytest.raises(KeyboardInterrupt)
    with raised, deadline.hears_interrupts(), until_stopped(deadline):
        Dropped()
        found.append("went on")
        deadline.check()
        found.append("was not stopped")
    assert found == ["went on"]
    assert deadline.seconds_left == 0


def test_ctrl_c_while_a_result_is_made_raises_nothing(python_handles_interrupts: None) -> None:
    deadline = Deadline(interrupts_count=True)
    with pytest.raises(KeyboardInterrupt), deadline.hears_interrupts():
        signal.raise_signal(signal.SIGINT)
    deadline = Deadline(interrupts_count=True)
    with deadline.hears_interrupts():
        with until_stopped(deadline):
            pass
        signal.raise_signal(signal.SIGINT)
        with until_stopped(deadline):
            deadline.check()
            pytest.fail("work went on")
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_other_handlers_of_interrupts_stay(python_handles_interrupts: None) -> None:
    seen: list[int] = []

    def own(number: int, frame: object) -> None:
        seen.append(number)

    signal.signal(signal.SIGINT, own)
    deadline = Deadline(interrupts_count=True)
    with deadline.hears_interrupts():
        signal.raise_signal(signal.SIGINT)
        deadline.check()
    assert seen == [signal.SIGINT]
    signal.signal(signal.SIGINT, signal.default_int_handler)
