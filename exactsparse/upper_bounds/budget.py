"""How much the search for good networks may spend, and on what; nothing proved hangs on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Limits of the producers of networks.

    Parameters
    ----------
    seconds, share_of_time : float
        Time of a search for its start, and for reweighting: the lesser of the two.
    seconds_per_set : float
        Time for the exact network of a claimed or rounded set of types.
    seconds_per_suggestion : float
        The same of a set that reweighting suggests.
    most_neurons : int
        Neurons of a claim: signs and rows are branched on, and larger sets, which no good claim
        has, would take too long.
    most_chords : int
        Points of all interpolants along coordinates that are compared.
    most_unsure : int
        Points near kinks that rounding tries on both sides.
    most_spare_columns : int
        Columns beyond the rows up to which rounding solves exact linear programs.
    most_products : int
        Squared rows times columns of a system that the correction of weights solves.
    sparse_rounds : int
        Rounds of reweighting the weights of given patterns.
    most_sparse_entries : int
        Squared neurons times rows times inputs up to which that is done.
    most_slopes : int
        Weights times rows up to which networks are moved in floats: of each some 10 copies of
        80 MB are held.
    square_types, square_rows : int
        Types of three inputs, and rows, up to which square systems are looked at.
    square_rounds, square_samples : int
        How often sets are sampled, and how many each time, at most.
    square_draws_per_set : int
        How often in all for every set that there is, at most.
    pieces : int
        Affine pieces that are looked for.
    bends : int
        Differences of pieces that are kept as neurons.
    turned : int
        Neurons of which all ways to turn them round are compared.
    piece_inputs, piece_rows : int
        Inputs up to which pieces are looked for, and rows among which they are.
    piece_patience, piece_batch : int
        Batches without a better piece before the search for it ends, and samples in each.
    fewest_rows, most_rows : int
        Rows that reweighting begins with.
    new_rows : int
        Missed rows that it takes in at once.
    seeds : int
        How often it begins anew.
    most_rays, largest_support : int
        Rays of a pool, and inputs of each.
    rounds : int
        Rounds of reweighting rays.
    first_columns, new_columns : int
        Rays for each row that the linear program begins with, and rays that are added at once.
    most_fitted_rows, new_fitted_rows : int
        Rows of a band up to which all of them take part in a fit of weights, and missed ones that
        are added at once where there are more.
    most_steps : int
        Linear programs of one fit.
    band_seeds, vain_seeds : int
        How often reweighting within a band begins anew, with other rows, and how often in a row
        without a better network.
    spare_cost : int
        What a suggestion within a band may cost above the best network: some weights are left out
        afterwards.
    fewest_digits, most_digits : int
        Digits of weights that are tried one weight after the other, and for all at once.
    most_exact_rows : int
        Rows of an exact linear program for weights that leave no room for rounding.
    """

    seconds: float = 5.0
    share_of_time: float = 0.25
    seconds_per_set: float = 2.0
    seconds_per_suggestion: float = 1.0
    most_neurons: int = 16
    most_chords: int = 5_000
    most_unsure: int = 5
    most_spare_columns: int = 24
    most_products: int = 30_000_000
    sparse_rounds: int = 6
    most_sparse_entries: int = 4_000_000
    most_slopes: int = 10_000_000
    square_types: int = 20_000
    square_rows: int = 40
    square_rounds: int = 40
    square_samples: int = 50_000
    square_draws_per_set: int = 8
    pieces: int = 40
    bends: int = 40
    turned: int = 12
    piece_inputs: int = 24
    piece_rows: int = 2000
    piece_patience: int = 8
    piece_batch: int = 256
    fewest_rows: int = 16
    most_rows: int = 48
    new_rows: int = 4
    seeds: int = 3
    most_rays: int = 100_000
    largest_support: int = 4
    rounds: int = 10
    first_columns: int = 8
    new_columns: int = 200
    most_fitted_rows: int = 400
    new_fitted_rows: int = 40
    most_steps: int = 25
    band_seeds: int = 8
    vain_seeds: int = 2
    spare_cost: int = 3
    fewest_digits: int = 8
    most_digits: int = 17
    most_exact_rows: int = 20_000


BUDGET = Budget()
