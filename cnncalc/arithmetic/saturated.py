"""Functions of doubles that lie next to their limits: what 1 − y has lost where y is nearly 1 is taken from x.

Nothing close to 1 is subtracted from 1 here: σ(−x) is 1 − σ(x), and 1 − p is the sum of the other shares of its row.
What is asked of numbers that do not belong together, as where a mistake puts x in y's place, is the plain formula.
"""

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans

LOST = 2.0**-10
"""A difference from 1 that has lost a fifth of its digits."""
SUMS_TO_ONE = 1e-12
"""How far the sum of a row of shares may be from 1."""

_SILENTLY = np.errstate(all="ignore")


class Saturating(Arithmetic):
    """The part of a system of doubles that knows what lies next to 0 and 1."""

    saturates = True

    @_SILENTLY
    def log_sigmoid(self, x: Array) -> Array:
        """−log(1 + e^-x), without e^-x where that is large."""
        return np.asarray(0.0 - np.logaddexp(0.0, -x))

    @_SILENTLY
    def sigmoid_slope(self, x: Array, y: Array) -> Array:
        """The derivative y · (1 − y) of y = σ(x)."""
        rest = np.asarray(1.0 - y)
        is_lost = rest < LOST
        if is_lost.any():
            lost, of = np.asarray(y[is_lost]), np.asarray(x[is_lost])
            rest[is_lost] = np.where(sigmoid(of) == lost, sigmoid(-of), 1.0 - lost)
        return np.asarray(y * rest)

    @_SILENTLY
    def tanh_slope(self, x: Array, y: Array) -> Array:
        """The derivative 1 − y² of y = tanh(x), which is 4·σ(2x)·σ(−2x)."""
        slope = np.asarray(1.0 - y * y)
        is_lost = slope < LOST
        if is_lost.any():
            of = np.asarray(x[is_lost])
            twice = 2.0 * of
            slope[is_lost] = np.where(np.tanh(of) == y[is_lost], 4.0 * sigmoid(twice) * sigmoid(-twice), slope[is_lost])
        return slope

    @_SILENTLY
    def log_softmax(self, x: Array) -> Array:
        """x − log Σ e^x, row by row; the largest is left out of the sum, as the 1 of log1p."""
        rows, first = _largest(x)
        shifted = x - x[rows, first][:, None]
        powers = np.exp(shifted)
        powers[rows, first] = 0.0
        return np.asarray(shifted - np.log1p(powers.sum(axis=1))[:, None])

    @_SILENTLY
    def log_rest(self, x: Array) -> Array:
        """The logarithms of 1 − p for the shares p of e^x in each row; −∞ for a share that is alone."""
        rows, first = _largest(x)
        logarithms = self.log_softmax(x)
        rest = np.log1p(-np.exp(logarithms))
        # Of the largest share, by what the others are among themselves.
        others, own = _without_largest(x), x[rows, first]
        if x.shape[1] > 1:
            second = others.max(axis=1)
            total = np.log(np.exp(others - second[:, None]).sum(axis=1))
            rest[rows, first] = logarithms[rows, first] + (second - own) + total
        else:
            rest[...] = -np.inf
        return np.asarray(rest)

    @_SILENTLY
    def through_softmax(self, g: Array, p: Array) -> Array:
        """p · (g − Σ g · p), by differences from the g of the largest share, which has almost all of that mean."""
        rows, first = _largest(p)
        away = g - g[rows, first][:, None]
        plain = g - (g * p).sum(axis=1)[:, None]
        return np.asarray(p * np.where(_are_shares(p), away - (away * p).sum(axis=1)[:, None], plain)) + 0.0

    @_SILENTLY
    def through_log_softmax(self, g: Array, p: Array) -> Array:
        """g − p · Σ g, as g · (1 − p) − p · (what Σ g has of the others)."""
        plain = g - p * g.sum(axis=1)[:, None]
        return np.asarray(np.where(_are_shares(p), g * _of_others(p) - p * _of_others(g), plain)) + 0.0

    @_SILENTLY
    def through_log_rest(self, g: Array, x: Array) -> Array:
        """dx of log(1 − p): p · Σ r − r with r = g · p/(1 − p), which may be large for one p alone."""
        if x.shape[1] == 1:
            return np.zeros(x.shape)
        rows, first = _largest(x)
        p = np.exp(self.log_softmax(x))
        small = p.copy()
        small[rows, first] = 0.0
        dx = p * (_of_others(g * small / (1.0 - small)) - g)
        # p_j · p/(1 − p) is, for the largest p, what p_j is among all shares but the largest.
        among = np.exp(self.log_softmax(_without_largest(x)))
        return np.asarray(dx + among * (g * p)[rows, first][:, None]) + 0.0


def sigmoid(x: Array) -> Array:
    """By e^-|x|, which cannot overflow."""
    power = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, power) / (1.0 + power))


def _largest(x: Array) -> tuple[Array, Array]:
    """Where the first largest element of each row is."""
    return np.arange(len(x)), x.argmax(axis=1)


def _without_largest(x: Array) -> Array:
    rows, first = _largest(x)
    others = x.copy()
    others[rows, first] = -np.inf
    return others


def _of_others(x: Array) -> Array:
    """For each element the sum of all others of its row, without subtracting it."""
    sums = np.zeros(x.shape)
    sums[:, 1:] = x[:, :-1].cumsum(axis=1)
    sums[:, :-1] += x[:, :0:-1].cumsum(axis=1)[:, ::-1]
    return sums


def _are_shares(p: Array) -> Booleans:
    """Which rows sum to 1, as (N, 1)."""
    return np.asarray(np.abs(p.sum(axis=1) - 1.0) < SUMS_TO_ONE)[:, None]
