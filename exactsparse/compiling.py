"""The one place where kernels are compiled: said aloud, off the clock, and cached where possible.

Numba compiles a kernel when it is first called, and keeps it on disk for later processes if there
is a folder that it may write to: ``NUMBA_CACHE_DIR``, else the package's ``__pycache__``, else one
in the user's home.  Without any, kernels are compiled again by every process, which works and is
said.
"""

from __future__ import annotations

import logging
import os
import pickle
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from types import FunctionType
from typing import Any

import numba
import numpy as np
from numba.core import event
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    UserWideCacheLocator,
    ZipCacheLocator,
)
from numba.core.dispatcher import Dispatcher
from numba.core.registry import cpu_target
from numba.core.types import unliteral
from numba.misc.appdirs import AppDirs

from exactsparse.progress import COMPILING, WORK_CLOCK

logger = logging.getLogger(__name__)


class _OffTheClock(event.Listener):
    """Stops the clock of all work while a kernel is compiled."""

    def on_start(self, event: event.Event) -> None:
        WORK_CLOCK.pause(COMPILING)

    def on_end(self, event: event.Event) -> None:
        WORK_CLOCK.resume()


event.register("numba:compile", _OffTheClock())


def _places() -> list[Any]:
    """Where Numba keeps kernels: in no folder named ``~`` where the home folder is not known."""
    places: list[Any] = CompileResultCacheImpl._locator_classes
    if os.path.isabs(AppDirs("numba", appauthor=False).user_cache_dir):
        return places
    return [place for place in places if place not in (UserWideCacheLocator, ZipCacheLocator)]


class _Kept(CompileResultCacheImpl):
    _locator_classes = _places()


class _DiskCache(FunctionCache):
    """Numba's cache of a kernel on disk, without which work goes on."""

    _impl_class = _Kept

    def load_overload(self, sig: object, target_context: object) -> object:
        """What an earlier process compiled; None if there is nothing that can be read."""
        try:
            return super().load_overload(sig, target_context)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            with suppress(OSError):
                # Else the index that cannot be read would stand in the way of a new one.
                self.flush()
            return None

    def holds_some(self) -> bool:
        """Whether there is something of this very function, for whatever arguments."""
        wanted = self._index_key((), cpu_target.target_context.codegen())[1:]
        try:
            return any(key[1:] == wanted for key in self._cache_file._load_index())
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            return False

    def save_overload(self, sig: object, data: object) -> None:
        """Keep what was compiled, unless the disk is full, or the folder gone or closed."""
        try:
            super().save_overload(sig, data)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            _note_no_cache(f"{self.cache_path} cannot be written ({error})")


def njit(*, cache: bool = False, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function with Numba when it is first called, as :func:`numba.njit` does.

    Parameters
    ----------
    cache : bool
        Whether to keep it on disk.  Where that is impossible, every process compiles it anew, and a
        warning of the logger ``exactsparse.compiling`` says so, once.
    **options
        For Numba.

    Returns
    -------
    callable
        The decorator.

    Examples
    --------
    >>> @njit(nogil=True)
    ... def twice(x):
    ...     return 2 * x
    >>> twice(3)
    6
    """

    def compiled(function: Callable[..., Any]) -> Any:
        kernel = numba.njit(**{"no_cfunc_wrapper": True, **options})(function)
        if isinstance(kernel, Dispatcher):
            _forget_literals(kernel)
        if cache:
            try:
                kernel._cache = _DiskCache(function)
            except RuntimeError as error:
                if "no locator available" not in str(error):
                    raise
                _note_no_cache("neither the package's folder nor the home folder can be written")
        return kernel

    return compiled


def _forget_literals(kernel: Any) -> None:
    """Compile it for numbers only, where Numba would do so for the constants of a call as well.

    A loop that begins ``n = 0`` and goes on ``n = kernel(n)`` had it compiled twice, and what it
    calls in its turn: that was a third of all compiling.
    """
    resolve = kernel.get_call_template

    def resolve_without_literals(args: Sequence[Any], kws: Mapping[str, Any]) -> Any:
        return resolve(
            tuple(unliteral(arg) for arg in args),
            {name: unliteral(arg) for name, arg in kws.items()},
        )

    kernel.get_call_template = resolve_without_literals


class QuickStart:
    """A kernel in the form that begins sooner: plain Python for small work, or compiled.

    Plain Python is ready at once, and some hundred times slower.  It is taken until the kernel is
    compiled or that has been found to take too long, by all work of the process together.

    Parameters
    ----------
    kernel : callable
        As :func:`njit` returns it.
    most_seconds : float
        Of plain Python in all.

    Examples
    --------
    >>> @njit(nogil=True)
    ... def twice(x):
    ...     return 2 * x
    >>> QuickStart(twice).form()(3)
    6
    """

    def __init__(self, kernel: Any, most_seconds: float = 3.0) -> None:
        self._kernel, self._plain = kernel, _interpreted(kernel, {})
        self._most, self._ready = most_seconds, not isinstance(kernel, Dispatcher)
        # A first guess, soon outweighed.
        self._seconds, self._units = 0.02, 1_000

    def form(self, units: int = 0) -> Callable[..., Any]:
        """The kernel, for so many units of work: it is plain only if that is hardly too slow."""
        self._ready = self._ready or _is_compiled(self._kernel)
        # Larger work takes more for each unit, too.
        expected = self._seconds * (1 + 2 * units / self._units)
        if self._ready or expected > self._most:
            return self._kernel  # type: ignore[no-any-return]
        self._units += units
        return self._run

    def _run(self, *args: Any) -> Any:
        began = time.thread_time()
        try:
            with np.errstate(all="ignore"):
                return self._plain(*args)
        finally:
            self._seconds += time.thread_time() - began


def _interpreted(kernel: Any, done: dict[int, Any]) -> Any:
    """The Python function of a kernel, which calls those of other kernels; others as they are."""
    if not isinstance(kernel, Dispatcher):
        return kernel
    if id(kernel) not in done:
        function = kernel.py_func
        names = dict(function.__globals__)
        done[id(kernel)] = FunctionType(
            function.__code__, names, function.__name__, function.__defaults__, function.__closure__
        )
        for name in function.__code__.co_names:
            if name in names:
                names[name] = _interpreted(names[name], done)
    return done[id(kernel)]


def _is_compiled(kernel: Any) -> bool:
    """Whether a kernel is compiled here, or was by a process that kept it on disk."""
    return bool(kernel.overloads) or (
        isinstance(kernel._cache, _DiskCache) and kernel._cache.holds_some()
    )


@cache
def _note_no_cache(reason: str) -> None:
    logger.warning(
        "compiled kernels are not kept for the next process: %s; "
        "set NUMBA_CACHE_DIR to a folder that can be written",
        reason,
    )
