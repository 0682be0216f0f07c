"""The finite-dimensional program over activation patterns, and what is solved through it."""

from exactsparse.reformulation.convex import ConvexSolution, solve_convex
from exactsparse.reformulation.pricing import load_ray_kernels
from exactsparse.reformulation.program import Block, BlockForm, FiniteProgram, ProgramSize, RayForm
from exactsparse.reformulation.rays import extreme_rays, hyperplanes

__all__ = [
    "Block",
    "BlockForm",
    "ConvexSolution",
    "FiniteProgram",
    "ProgramSize",
    "RayForm",
    "extreme_rays",
    "hyperplanes",
    "load_ray_kernels",
    "solve_convex",
]
