"""What was proved, by which argument, and how a reader checks it without this program."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from exactsparse.certificate import Certificate
from exactsparse.certificate.certificate import EMBEDDED_POINTS, canonical_data
from exactsparse.errors import ConflictingLabelsError, NoCertificateError
from exactsparse.report.html.details import RunDetails
from exactsparse.routes.univariate.band.solution import LawSolution
from exactsparse.routes.univariate.route import UnivariateSolution
from exactsparse.solution import InfeasibleSolution, Solution, Status

# What a certificate may add to the page.
_MOST_EMBEDDED = 400_000
# The proof of a search is written in about the time that the search took.
_MOST_SECONDS = 5.0
_MOST_DIGESTED = 100_000
_NONE_IS_WRITTEN = "No certificate is written"

_ARGUMENTS = {
    "witnesses": (
        "The data bend at some points. As many of them as the law has knots each force a slope "
        "change of its own, in intervals that do not overlap. The certificate lists these points."
    ),
    "path_dual": (
        "Linear programming duality: a price at every point where the data bend, none larger than "
        "what a slope change there costs. The prices add up to the cost of the law, and no "
        "interpolant can cost less. The certificate says which points share a price."
    ),
    "triples": (
        "Three rows force a slope change between them where all lines from the first interval to "
        "the last pass the middle one on the same side. The certificate lists as many such triples "
        "as the law has knots; each forces a slope change of its own."
    ),
    "least_tolerance": (
        "One triple of rows more than there are knots, each of which forces a slope change of its "
        "own for every smaller tolerance; or two rows of one point that are twice the tolerance "
        "apart."
    ),
    "forbidding_triple": "Three rows force a slope change of the sign that the shape forbids.",
    "empty_interval": "At one point the rows leave no value that all of them allow.",
    "search": (
        "All sets of activation patterns of smaller cost were gone through. Each is refuted by a "
        "determinant that is not zero modulo a prime, or over the rationals. The certificate holds "
        "the rows, the primes and sums of determinants, which the checker computes again."
    ),
    "activities": (
        "A tree over which neurons are active at which rows, for every smaller cost. Each leaf is "
        "a combination of bounds that contradict each other, which the checker adds up again."
    ),
    "tolerance_trees": (
        "A tree over which neurons are active at which rows, for every number up to the one that "
        "is allowed. Each leaf is a combination of labels that contradict each other for every "
        "smaller tolerance, which the checker adds up again; or two rows of one point are twice "
        "the tolerance apart."
    ),
    "farkas": (
        "Exact cuts: each says that some neuron of a certain type is needed, with rational "
        "multipliers as its proof. No cheaper set of types meets all cuts."
    ),
    "ray_dual": (
        "Linear programming duality: a price at every point such that no neuron of norm one is "
        "worth more than one. The prices of the labels add up to the cost of the network."
    ),
}
_OF_METHOD = {"search": "search", "tree": "activities", "cuts": "farkas", "rays": "ray_dual"}


@dataclass(frozen=True)
class Proof:
    """The section on the proof.

    Parameters
    ----------
    name : str
        Of the file that holds, or would hold, the certificate.
    argument : str
        Why nothing is better, in words; empty where that is not known.
    remarks : tuple of str
        What else is said about it.
    commands : tuple of str
        Command lines that write and check the certificate.
    reads_table : bool
        Whether they name the table.
    download : str or None
        The certificate as a data URI.
    size : str
        Its size in words.
    left_out : str
        Why it is not in the page; empty if it is.
    digest : str
        SHA-256 of the canonical rows; empty if they have none, or are too many.
    own_digest : str
        SHA-256 of the certificate; empty without one.
    """

    name: str
    argument: str
    remarks: tuple[str, ...]
    commands: tuple[str, ...]
    reads_table: bool
    download: str | None
    size: str
    left_out: str
    digest: str
    own_digest: str

    @classmethod
    def of(cls, solution: Solution, details: RunDetails) -> Proof:
        """The proof of a solution, or why there is none to check."""
        certificate, left_out = _certificate(solution)
        name, commands = details.certificate or "proof.json", []
        if solution.status is not Status.FEASIBLE and _NONE_IS_WRITTEN not in left_out:
            if details.certificate is None and details.command is not None:
                commands.append(f"{details.command} --certificate {name}")
            commands.append(details.check_command(solution, name))
        if certificate is None:
            proved = solution.status is not Status.FEASIBLE
            return cls(
                name=Path(name).name,
                argument=_ARGUMENTS.get(kind_of_proof(solution), "") if proved else "",
                remarks=solution.remarks,
                commands=tuple(commands),
                reads_table=bool(details.table_of(solution)),
                download=None,
                size="",
                left_out=left_out,
                digest=_digest(solution),
                own_digest="",
            )
        document, text = certificate.document, certificate.text.encode()
        download, size = None, f"{max(1, round(len(text) / 1024)):,} KiB"
        if len(text) <= _MOST_EMBEDDED:
            download = f"data:application/json;base64,{base64.b64encode(text).decode()}"
        else:
            left_out = f"The certificate has {size}, which is too much for this page."
        return cls(
            name=Path(name).name,
            argument=_ARGUMENTS[document["lower_bound"]["kind"]],
            remarks=solution.remarks,
            commands=tuple(commands),
            reads_table=bool(details.table_of(solution)),
            download=download,
            size=size,
            left_out=left_out,
            digest=document["data"]["sha256"],
            own_digest=hashlib.sha256(text).hexdigest(),
        )


def kind_of_proof(solution: Solution) -> str:
    """The kind that a certificate names, without making one; empty where there is none."""
    if isinstance(solution, InfeasibleSolution):
        return str(solution.argument["kind"])
    if isinstance(solution, UnivariateSolution):
        return "path_dual" if solution.problem.exponent else "witnesses"
    if isinstance(solution, LawSolution):
        return "least_tolerance" if solution.problem.objective.is_tolerance else "triples"
    if solution.problem.objective.is_tolerance:
        return "tolerance_trees"
    return _OF_METHOD.get(solution.method, "")


def _certificate(solution: Solution) -> tuple[Certificate | None, str]:
    """The certificate, if it is at hand or made at once; else why it is not in the page."""
    if solution.status is Status.FEASIBLE:
        return None, "Nothing is proved optimal, so there is no certificate of it."
    if "certificate" not in vars(solution):
        if solution.problem.dataset.n_points > EMBEDDED_POINTS:
            return None, f"Certificates of more than {EMBEDDED_POINTS:,} rows are not in reports."
        if solution.seconds > _MOST_SECONDS:
            return None, "Writing the certificate takes about as long as finding the proof."
    try:
        return solution.certificate, ""
    except NoCertificateError as error:
        return None, f"{_NONE_IS_WRITTEN}: {error}."


def _digest(solution: Solution) -> str:
    if solution.problem.dataset.n_points > _MOST_DIGESTED:
        return ""
    try:
        return canonical_data(solution.problem)[1]
    except ConflictingLabelsError:
        return ""
