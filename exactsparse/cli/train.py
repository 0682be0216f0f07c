"""``exactsparse train``: a batch of networks, rounded, beside the proved optimum."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from exactsparse.cli.options import Json, TableFile, Workers, print_notes, reads_table
from exactsparse.cli.output import ResultConsole, require_suffix, require_writable
from exactsparse.errors import ProblemError
from exactsparse.models import export, require_format
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline
from exactsparse.progress_bar import ProgressBar
from exactsparse.routes.registry import choose
from exactsparse.solve import solve_beside

STOPPED_EARLY = 3
_PROOF_SECONDS = 30.0


@reads_table
def train(
    data: TableFile,
    penalty: Annotated[
        str, typer.Option(help="Any of `none`, `decay`, `path`, separated by commas.")
    ] = "none,decay,path",
    variant: Annotated[
        str,
        typer.Option(
            help="`paper`: the method as its appendix A.3 has it; `notebook`: what the authors' "
            "published notebooks do, without an affine part."
        ),
    ] = "paper",
    p: Annotated[
        str | None,
        typer.Option("--p", help="Exponents of `path`, separated by commas; 0.4,0.7,1."),
    ] = None,
    lam: Annotated[str | None, typer.Option("--lam", help="λ, one or more; 0.003.")] = None,
    lr: Annotated[str, typer.Option("--lr", help="Learning rates, one or more.")] = "0.01",
    restarts: Annotated[int, typer.Option(help="Networks per penalty.")] = 16,
    steps: Annotated[int, typer.Option(help="Steps of Adam.")] = 20_000,
    width: Annotated[int, typer.Option(help="Hidden neurons.")] = 80,
    seed: Annotated[int, typer.Option(help="Seed of the first restart.")] = 0,
    objective: Annotated[
        str | None, typer.Option(help="`neurons` or `parameters`, as `solve` has it.")
    ] = None,
    skip: Annotated[str | None, typer.Option(help="`affine` or `none`, as `solve` has it.")] = None,
    tolerance: Annotated[
        str | None,
        typer.Option(help="Compare within it, as `solve` does: a number or `auto`; one feature."),
    ] = None,
    penalise_bias: Annotated[
        bool | None,
        typer.Option(
            "--penalise-bias/--free-bias",
            help="Whether penalties see the biases; by default unless there is an affine part, or "
            "with `notebook` one feature.",
        ),
    ] = None,
    precision: Annotated[str, typer.Option(help="`float32` or `float64`.")] = "float32",
    device: Annotated[str, typer.Option(help="`auto`, `cpu` or `cuda`.")] = "auto",
    workers: Workers = None,
    checkpoint: Annotated[
        str | None, typer.Option(help="Keep the state here; run again to go on from there.")
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(help="Seconds for training, for rounding, for the proof; none, none, 30."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            help="Write the best exact network here: .json (exact), or in float64 as .safetensors, "
            ".pt (a torch state_dict) or .onnx."
        ),
    ] = None,
    plot: Annotated[
        str | None, typer.Option(help="Draw sparsity over time (.png, .svg, .pdf).")
    ] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and notes.")] = False,
) -> int:
    """Train many networks on DATA at once, and compare them with the proved optimum.

    Exit code 0 means that all steps were taken, 3 that training stopped early.
    """
    # These load a compiler, which other commands need not wait for.
    from exactsparse.report.training_table import outcome_json, plot_panels, print_experiment
    from exactsparse.training import Settings, grid
    from exactsparse.training import train as train_batch
    from exactsparse.training.experiment import round_all

    penalties = penalty.split(",")
    if p is not None and "path" not in penalties:
        raise ProblemError("--p belongs to the penalty `path`: name it in --penalty, or drop --p")
    if lam is not None and set(penalties) == {"none"}:
        raise ProblemError("--lam has no use without a penalty: name one in --penalty, or drop it")
    if out is not None:
        require_format(out)
    require_suffix(plot, ".png", ".svg", ".pdf")
    require_writable(data.path, out, plot, checkpoint)
    if time_limit is not None and not time_limit > 0:
        raise ProblemError(f"--time-limit must be a positive number of seconds, not {time_limit}")
    with ProgressBar(enabled=not quiet) as progress:
        dataset = data.read()
        univariate = dataset.n_features == 1
        if variant == "notebook":
            # The notebooks have no affine part, and count neurons in one dimension all the same.
            skip, objective = skip or "none", objective or ("neurons" if univariate else None)
        problem = Problem.of(dataset, objective=objective, skip=skip, tolerance=tolerance)
        if dataset.intervals is not None:
            raise ProblemError("training is compared within one tolerance, not an interval per row")
        choose(problem)
        affine = problem.skip == "affine"
        free = univariate if variant == "notebook" else affine
        settings = Settings(
            regimes=grid(
                penalties,
                _numbers("--p", "0.4,0.7,1" if p is None else p),
                _numbers("--lam", "0.003" if lam is None else lam),
                _numbers("--lr", lr),
            ),
            restarts=restarts,
            width=width,
            steps=steps,
            seed=seed,
            penalise_bias=not free if penalise_bias is None else penalise_bias,
            skip=affine,
            precision=precision,
            variant=variant,
        )
        limit = Deadline(time_limit, interrupts_count=True)
        training = train_batch(
            dataset, settings, device=device, deadline=limit, progress=progress,
            checkpoint=checkpoint, workers=workers,
        )  # fmt: skip
        experiment = round_all(
            training,
            problem.objective,
            Deadline(time_limit, interrupts_count=True),
            progress,
            problem,
        )
        solution = solve_beside(
            problem, experiment.best, workers=workers, on_interrupt="return", progress=progress,
            time_limit=time_limit or _PROOF_SECONDS,
        )  # fmt: skip
        if out is not None and experiment.best is not None:
            export(experiment.best, out)
        if plot is not None:
            plot_panels([(Path(data.path).name, experiment, solution)], plot)
    if not quiet:
        print_notes(dataset)
    if as_json:
        bound = cast(int, solution.bound)
        report: dict[str, Any] = {
            "schema": "exactsparse/training/1",
            "settings": json.loads(settings.to_json()),
            "steps": training.steps,
            "seconds": round(training.seconds, 6),
            "regimes": [outcome_json(outcome, bound) for outcome in experiment.outcomes],
            "best": None if experiment.best is None else experiment.best.to_json(),
            "optimum": {
                "objective": problem.objective,
                "tolerance": problem.objective_json()["tolerance"],
                "status": str(solution.status),
                "value": solution.value,
                "lower_bound": solution.lower_bound,
            },
        }
        print(json.dumps(report))
    else:
        print_experiment(experiment, solution, ResultConsole())
    if not quiet and training.is_far:
        print(
            "hint: all networks end far from the labels; data are trained on as they are: scale "
            "features and labels to sizes of about 1, or take more --steps",
            file=sys.stderr,
        )
    if not quiet and not training.finished:
        print(f"note: stopped after {training.steps} of {steps} steps", file=sys.stderr)
    if not quiet and out is not None and experiment.best is None:
        print(f"note: no exact network was found, {out} is not written", file=sys.stderr)
    return 0 if training.finished else STOPPED_EARLY


def _numbers(option: str, text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ProblemError(f"{option} takes numbers separated by commas, not {text!r}") from None
