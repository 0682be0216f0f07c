"""``exactsparse reproduce``: figures of the paper, recomputed beside the proved optimum."""

from __future__ import annotations

from typing import Annotated

import typer

from exactsparse.cli.options import Workers
from exactsparse.cli.output import ResultConsole, require_suffix, require_writable
from exactsparse.errors import ProblemError
from exactsparse.problem.problem import Problem
from exactsparse.progress import Deadline
from exactsparse.progress_bar import ProgressBar
from exactsparse.solve import solve_beside

STOPPED_EARLY = 3
_ON_CPU, _ON_CUDA = 16, 256


def reproduce(
    figure: Annotated[str, typer.Argument(help="`figure-3`.")],
    seeds: Annotated[
        int | None, typer.Option(help="Restarts per regime; 16 on the CPU, 256 on CUDA.")
    ] = None,
    steps: Annotated[int, typer.Option(help="Steps of Adam; the paper takes 100,000.")] = 100_000,
    variant: Annotated[
        str, typer.Option(help="`paper`, or `notebook`: the rule and the data of their notebooks.")
    ] = "paper",
    device: Annotated[str, typer.Option(help="`auto`, `cpu` or `cuda`.")] = "auto",
    workers: Workers = None,
    time_limit: Annotated[
        float, typer.Option(help="Seconds for each proof, and for rounding each batch.")
    ] = 60.0,
    plot: Annotated[str | None, typer.Option(help="Draw it (.png, .svg, .pdf).")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> int:
    """Train the five regimes of figure 3 on both of its data sets, and draw sparsity over time.

    Exit code 0 means that all steps were taken, 3 that training stopped early.
    """
    from exactsparse.report.training_table import plot_panels, print_experiment, print_published
    from exactsparse.training.device import chosen_device
    from exactsparse.training.experiment import round_all
    from exactsparse.training.figures import NOTES, figure_3
    from exactsparse.training.trainer import train

    if figure != "figure-3":
        raise ProblemError(f"there is no {figure!r} to reproduce: name figure-3")
    require_suffix(plot, ".png", ".svg", ".pdf")
    require_writable("", plot)
    device = chosen_device(device)
    finished, panels = True, []
    console = ResultConsole()
    drawn = figure_3(seeds or (_ON_CUDA if device == "cuda" else _ON_CPU), steps, variant)
    for panel in drawn:
        with ProgressBar(enabled=not quiet) as progress:
            training = train(
                panel.dataset, panel.settings, device=device, workers=workers, progress=progress,
                deadline=Deadline(interrupts_count=True),
            )  # fmt: skip
            finished &= training.finished
            experiment = round_all(
                training, panel.objective, Deadline(time_limit, interrupts_count=True), progress
            )
            skip = "affine" if panel.settings.skip else "none"
            problem = Problem.of(panel.dataset, objective=panel.objective, skip=skip)
            solution = solve_beside(
                problem, experiment.best, time_limit=time_limit, workers=workers,
                on_interrupt="return", progress=progress,
            )  # fmt: skip
        console.print(f"[bold]{panel.title}[/bold]")
        print_experiment(experiment, solution, console)
        print_published(panel.published, experiment, console)
        console.print()
        panels.append((panel.title, experiment, solution))
    if plot is not None:
        plot_panels(panels, plot, [panel.published for panel in drawn])
    for note in (*NOTES, *(panel.note for panel in drawn if panel.note)):
        console.print(note, highlight=False, soft_wrap=True)
    return 0 if finished else STOPPED_EARLY
