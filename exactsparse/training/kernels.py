"""Steps of a batch on the CPU, compiled: one network after the other, in the innermost cache.

A network takes many steps before the next one has its turn, so that parameters and moments stay in
cache; loops run over the neurons, contiguous in memory, and become vector instructions.  Under a
path norm with p < 1 a product that is 0 stays 0, because its threshold is infinite: every few steps
neurons and inputs without any other product are set aside, which changes no result.  One file,
because a compiled function in Numba's disk cache does not see changes of functions in other files.
All is inlined into one function: of those by themselves, the process that compiles would run other
copies, with other roundings, than one that loads them from the cache.
"""

from __future__ import annotations

import numpy as np

from exactsparse.compiling import njit

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
NONE, DECAY, PATH = 0, 1, 2
# Steps that the notebook takes before it thresholds.
WARM_UP = 5

# Sums may be reordered; NaN and infinity keep their meaning, so that a diverged run shows.
_FAST = {"reassoc", "contract", "nsz"}
_STEPS_BETWEEN_SIEVES = 64


@njit(forceinline=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _adam(x, g, first, second, c):
    """One step of Adam on vectors; ``c`` holds 1 − β₁, β₂, 1 − β₂, ε, step size, √(1 − β₂ᵗ)."""
    for k in range(len(x)):
        first[k] += c[0] * (g[k] - first[k])
        second[k] = c[1] * second[k] + c[2] * g[k] * g[k]
        x[k] -= c[4] * first[k] / (np.sqrt(second[k]) / c[5] + c[3])


@njit(forceinline=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _decay(x, factor):
    for k in range(len(x)):
        x[k] *= factor


@njit(forceinline=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _threshold(row, v, previous, p, c, squares):
    """Products of one input, soft-thresholded, in place of its weights."""
    for k in range(len(v)):
        before = abs(previous[k])
        u = v[k] * row[k]
        size = abs(u) - c[6]
        if p < 1:
            # A product of 0 has an infinite threshold.
            size = abs(u) - c[6] * before ** c[7] if before > 0 else c[9]
        # Not a product that is NaN: it must show.
        if size <= 0:
            row[k] = c[9]
        else:
            row[k] = np.copysign(size, u) if before == before else before
        squares[k] += row[k] * row[k]


@njit(forceinline=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _rebalance(w, v, squares, n_penalised, notebook, c):
    """From products to weights, ``|vₖ| = ‖wₖ‖₂``; a free bias keeps its product, or itself."""
    inverse = np.zeros_like(v)
    for k in range(len(v)):
        norm = np.sqrt(squares[k])
        side = np.copysign(np.sqrt(norm), v[k])
        if side != 0 and norm >= c[11]:
            inverse[k] = 1 / side
        for i in range(n_penalised, 0 if notebook else len(w)):
            w[i, k] *= v[k]
        v[k] = side
    for i in range(n_penalised if notebook else len(w)):
        row = w[i]
        for k in range(len(v)):
            row[k] *= inverse[k]


@njit(forceinline=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _residuals(points, labels, every_input, w, v, a, hidden, residuals, c):
    """Hidden values (rows, neurons), and slopes of the loss in the values."""
    inputs, width = w.shape
    n = len(labels)
    hidden[:, :] = c[9]
    # Input by input: the weights, which may not fit the innermost cache, pass through once.
    for i in range(inputs):
        weights = w[i]
        for j in range(n):
            x, row = points[i, j], hidden[j]
            for k in range(width):
                row[k] += weights[k] * x
    for j in range(n):
        value = -labels[j]
        for i in range(len(a)):
            value += a[i] * every_input[i, j]
        row = hidden[j]
        for k in range(width):
            # Keeps NaN, as a maximum would not.
            row[k] = c[9] if row[k] <= 0 else row[k]
            value += v[k] * row[k]
        residuals[j] = c[10] * value


@njit(forceinline=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _steps(
    points, labels, every_input, w, v, a, w1, v1, a1, w2, v2, a2, regime, n_penalised, notebook,
    aliased, smallest, start, count
):  # fmt: skip
    """Some steps of one network; ``w`` (inputs, neurons), ``points`` (inputs, rows)."""
    inputs, width = w.shape
    n = len(labels)
    kind, p, strength, rate = int(regime[0]), regime[1], regime[2], regime[3]
    hidden = np.empty((n, width), dtype=w.dtype)
    residuals = np.empty_like(labels)
    slopes, previous, squares = np.empty_like(v), np.empty_like(v), np.empty_like(v)
    old_v, slope_a = np.empty_like(v), np.empty_like(a)
    c = np.zeros(12, dtype=w.dtype)
    c[0], c[1], c[2], c[3] = 1 - BETA_1, BETA_2, 1 - BETA_2, EPSILON
    c[6], c[7], c[8], c[10] = strength * rate * p, p - 1, 1 - rate * strength, 2 / n
    c[11] = smallest
    n_decayed = inputs if notebook else n_penalised
    for step in range(start + 1, start + count + 1):
        c[4] = rate / (1 - BETA_1**step)
        c[5] = np.sqrt(1 - BETA_2**step)
        path = kind == PATH and (step > WARM_UP or not notebook)
        _residuals(points, labels, every_input, w, v, a, hidden, residuals, c)
        slopes[:] = c[9]
        for j in range(n):
            row, g = hidden[j], residuals[j]
            for k in range(width):
                slopes[k] += g * row[k]
                row[k] = v[k] * g if row[k] > 0 else c[9]
        for i in range(len(a)):
            slope_a[i] = c[9]
            for j in range(n):
                slope_a[i] += residuals[j] * every_input[i, j]
        old_v[:] = v
        squares[:] = c[9]
        if kind == DECAY:
            _decay(v, c[8])
        _adam(v, slopes, v1, v2, c)
        _adam(a, slope_a, a1, a2, c)
        if aliased:
            old_v[:] = v
        for i in range(inputs):
            weights = w[i]
            slopes[:] = c[9]
            for j in range(n):
                x, row = points[i, j], hidden[j]
                for k in range(width):
                    slopes[k] += row[k] * x
            if i < n_penalised and path:
                for k in range(width):
                    previous[k] = old_v[k] * weights[k]
            elif i < n_decayed and kind == DECAY:
                _decay(weights, c[8])
            _adam(weights, slopes, w1[i], w2[i], c)
            if i < n_penalised and path:
                _threshold(weights, v, previous, p, c, squares)
        if path:
            _rebalance(w, v, squares, n_penalised, notebook, c)


@njit(forceinline=True, nogil=True, error_model="numpy")
def _taken(matrix, inputs, neurons):
    part = np.empty((len(inputs), len(neurons)), dtype=matrix.dtype)
    for r, i in enumerate(inputs):
        for s, k in enumerate(neurons):
            part[r, s] = matrix[i, k]
    return part


@njit(forceinline=True, nogil=True, error_model="numpy")
def _put(matrix, inputs, neurons, part):
    for r, i in enumerate(inputs):
        for s, k in enumerate(neurons):
            matrix[i, k] = part[r, s]


@njit(cache=True, nogil=True, error_model="numpy")
def advance(
    points, labels, parameters, first, second, regimes, width, penalise_bias, notebook, smallest,
    start, count
):  # fmt: skip
    """Take steps of Adam on every network of a batch, in place.

    Parameters
    ----------
    points : ndarray, shape (D, N)
        Columns ``x̄ = (x, 1)``; all arrays but ``regimes`` have the same type.
    labels : ndarray, shape (N,)
        Values to fit.
    parameters, first, second : ndarray, shape (B, P)
        Parameters and moments, laid out as :class:`exactsparse.training.parameters.Layout` says.
    regimes : ndarray of float64, shape (B, 4)
        Kind of penalty, p, λ and learning rate.
    width : int
        Neurons, K.
    penalise_bias : bool
        Whether the last input takes part in the penalty.
    notebook : bool
        Whether the variant is the notebook's.
    smallest : float
        Norm of products below which the notebook's input weights become zero.
    start, count : int
        Steps taken before, and now.
    """
    d = len(points)
    skip = parameters.shape[1] - (d + 1) * width
    cut, end = d * width, (d + 1) * width
    for run in range(len(parameters)):
        kind, p = int(regimes[run, 0]), regimes[run, 1]
        theta, m, s = parameters[run], first[run], second[run]
        w, w1 = theta[:cut].reshape(d, width), m[:cut].reshape(d, width)
        w2 = s[:cut].reshape(d, width)
        v, a = theta[cut:end], theta[end : end + skip]
        for done in range(0, count, _STEPS_BETWEEN_SIEVES):
            neurons = np.arange(width)
            inputs = np.arange(d)
            if kind == PATH and p < 1 and (start + done >= WARM_UP or not notebook):
                neurons = np.flatnonzero(v)
                for k in range(width):
                    if v[k] == 0:
                        w[:, k] = v[k]
                wanted = np.zeros(d, dtype=np.bool_)
                for i in range(d):
                    wanted[i] = (i == d - 1 and not penalise_bias) or w[i].any()
                inputs = np.flatnonzero(wanted)
            n_penalised = len(inputs)
            if not penalise_bias and n_penalised and inputs[-1] == d - 1:
                n_penalised -= 1
            w_ = _taken(w, inputs, neurons)
            w1_, w2_ = _taken(w1, inputs, neurons), _taken(w2, inputs, neurons)
            v_, v1_, v2_ = v[neurons], m[cut:end][neurons], s[cut:end][neurons]
            _steps(
                points[inputs], labels, points, w_, v_, a, w1_, v1_, m[end:], w2_, v2_, s[end:],
                regimes[run], n_penalised, notebook, notebook and penalise_bias, smallest,
                start + done, min(_STEPS_BETWEEN_SIEVES, count - done),
            )  # fmt: skip
            _put(w, inputs, neurons, w_)
            _put(w1, inputs, neurons, w1_)
            _put(w2, inputs, neurons, w2_)
            v[neurons] = v_
            m[cut:end][neurons] = v1_
            s[cut:end][neurons] = v2_
