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
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

import numba
from numba.core import event
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    UserWideCacheLocator,
    ZipCacheLocator,
)
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
        if cache:
            try:
                kernel._cache = _DiskCache(function)
            except RuntimeError as error:
                if "no locator available" not in str(error):
                    raise
                _note_no_cache("neither the package's folder nor the home folder can be written")
        return kernel

    return compiled


@cache
def _note_no_cache(reason: str) -> None:
    logger.warning(
        "compiled kernels are not kept for the next process: %s; "
        "set NUMBA_CACHE_DIR to a folder that can be written",
        reason,
    )
