"""Every error that exactsparse raises on purpose: one base class, each also a builtin."""

from exactsparse.printable import printable


class ExactSparseError(Exception):
    """Base of all errors raised by exactsparse; the message says what to mend.

    It is on one line and prints, whatever the names of columns and files in it are.
    """

    def __init__(self, *arguments: object, **named: object) -> None:
        shown = (printable(a) if isinstance(a, str) else a for a in arguments)
        super().__init__(*shown, **named)


class DataError(ExactSparseError, ValueError):
    """The data cannot be read as exact rationals, or the file is malformed."""


class DataNotFoundError(ExactSparseError, FileNotFoundError):
    """The data file does not exist or cannot be opened."""


class ConflictingLabelsError(DataError):
    """Two equal points carry different labels, so that no function interpolates them."""


class ProblemError(ExactSparseError, ValueError):
    """An option of the problem is out of its range, or options contradict each other."""


class UnsupportedProblemError(ExactSparseError, NotImplementedError):
    """A well-posed problem that no route of this version solves."""


class ProgramTooLargeError(ExactSparseError, MemoryError):
    """A form of the finite program does not fit into memory; the message names another way."""


class OutputError(ExactSparseError, OSError):
    """A result could not be written."""


class NoCertificateError(ExactSparseError, LookupError):
    """A certificate was asked for, but the result is not proved optimal."""


class NoFunctionError(ExactSparseError, LookupError):
    """A network was asked for, but it is proved that no function meets the data."""


class TimeLimitError(ExactSparseError, TimeoutError):
    """Work that has no partial result was not finished within its time limit."""


class UndecidedError(ExactSparseError, ArithmeticError):
    """A comparison of real numbers was not decided at the highest precision that is tried."""


class MissingPackageError(ExactSparseError, ImportError):
    """A method needs an optional package that is not installed."""


class ToleranceHint(UserWarning):
    """The labels look rounded or noisy: a small tolerance tells another story than they do."""
