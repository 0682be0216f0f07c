"""The command line: python -m exactsparse_check CERTIFICATE [DATA]."""

import sys

from exactsparse_check import UsageError, check


def main(argv: list[str] | None = None) -> int:
    """Print the verdict; return 0 if accepted, 4 if rejected, 2 if there is nothing to check."""
    paths = sys.argv[1:] if argv is None else argv
    try:
        if len(paths) not in (1, 2) or paths[0].startswith("-"):
            raise UsageError("usage: python -m exactsparse_check CERTIFICATE [DATA]")
        verdict = check(*paths)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    print(verdict, *(f"replayed: {step}" for step in verdict.replayed), sep="\n")
    print(*(f"not replayed: {step}" for step in verdict.not_replayed or ["nothing"]), sep="\n")
    return 0 if verdict.accepted else 4


if __name__ == "__main__":
    sys.exit(main())
