"""Work that is stopped keeps what it has found."""

from __future__ import annotations

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
