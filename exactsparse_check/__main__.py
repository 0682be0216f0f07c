"""The command line: python -m exactsparse_check CERTIFICATE [DATA]."""

import json
import os
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import NoReturn

from exactsparse_check import Reader, UsageError, check

EXIT_CODES = {"accepted": 0, "sampled": 3, "undecided": 3, "rejected": 4}


class Parser(ArgumentParser):
    """A parser whose complaints are exceptions."""

    def error(self, message: str) -> NoReturn:
        """Complain in a line."""
        raise UsageError(f"{' '.join(self.format_usage().split())}: {message}")


def main(argv: list[str] | None = None, read: Reader | None = None) -> int:
    """Print the verdict; return 0 if accepted, 3 if in part, 4 if rejected, 2 if nothing is read.

    See --help for the arguments. Another program may read the data: see `check`.
    """
    parser = Parser("python -m exactsparse_check", description="Check a certificate of optimality.")
    parser.add_argument("certificate", metavar="CERTIFICATE", help="written by exactsparse solve")
    parser.add_argument("data", metavar="DATA", nargs="?", help="the table that it is about")
    parser.add_argument("--seconds", type=float, default=60, help="processor time to spend (60)")
    parser.add_argument("--full", action="store_true", help="take all the time that is needed")
    parser.add_argument("--seed", type=int, help="draw the sample of shards from a seed")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    try:
        args = parser.parse_args(argv)
        if not args.seconds >= 0:
            parser.error("--seconds must not be negative")
        seconds = None if args.full else args.seconds
        verdict = check(args.certificate, args.data, seconds=seconds, seed=args.seed, read=read)
    except UsageError as error:
        print(on_one_line(error), file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps({"schema": "exactsparse/verdict/1"} | asdict(verdict)))
        return EXIT_CODES[verdict.outcome]
    lines = [verdict, *(f"replayed: {step}" for step in verdict.replayed)]
    lines += [f"not replayed: {step}" for step in verdict.not_replayed or ["nothing"]]
    print(*map(on_one_line, lines), sep="\n")
    return EXIT_CODES[verdict.outcome]


def on_one_line(text: object) -> str:
    """Escape what would end the line, move about the terminal, or change directions of text.

    Certificates and tables are texts of others, and none of them may print a verdict of its own.
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(text))


if __name__ == "__main__":
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; a second error at exit would say otherwise.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 141
    sys.exit(status)
