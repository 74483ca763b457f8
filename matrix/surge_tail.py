"""How unlikely a count is: the upper tail of the negative binomial, in logarithms, by numpy alone."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
SHIFT = 10
TERMS = (28, 72, 400)
PARTS = 12


def tail(count: ArrayLike, mean: ArrayLike, dispersion: ArrayLike) -> Floats:
    """-log10 P(Y >= count) for a negative binomial with variance mean + dispersion * mean^2; 0 where count <= 0.

    P(Y >= y) is the regularised incomplete beta I_q(y, 1/d) with q = dm / (1 + dm) (Johnson, Kemp, Kotz: Univariate Discrete
    Distributions, 5.6). It stays finite where the probability itself would be zero in doubles, and counts may be fractions.
    """
    a, m, d = np.broadcast_arrays(*(np.asarray(value, np.float64) for value in (count, mean, dispersion)))
    shape = a.shape
    a, m, d = a.ravel(), np.maximum(m.ravel(), 1e-12), np.maximum(d.ravel(), 1e-7)
    answer = np.zeros(len(a))
    some = np.flatnonzero(a > 1e-9)
    a, m, b = a[some], m[some], 1 / d[some]
    log_q, log_rest = -np.log1p(b / m), -np.log1p(m / b)
    q = m / (m + b)
    # The fraction converges fast below the mean of the beta distribution; beyond it the other side is computed.
    low = q < (a + 1) / (a + b + 2)
    front = a * log_q + b * log_rest - log_beta(a, b)
    found = np.empty(len(a))
    found[low] = front[low] + np.log(fraction(a[low], b[low], q[low]) / a[low])
    far = ~low
    if far.any():
        other = np.exp(front[far]) * fraction(b[far], a[far], 1 - q[far]) / b[far]
        found[far] = np.log1p(-np.minimum(other, 1 - 1e-16))
    answer[some] = np.maximum(-found / np.log(10), 0)
    return answer.reshape(shape)


def fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """The continued fraction of the incomplete beta function (DLMF 8.17.22) for x below the mean of the distribution.

    Evaluated from its far end, so that all values go through few array operations. How many terms that takes was measured over
    means up to 3e6: the nearer to the mean and the more like Poisson, the more.
    """
    distance = (a / (a + b) - x) / np.sqrt(x * (1 - x) / (a + b))
    terms = np.where(np.maximum(a, b) * np.minimum(x, 1 - x) > 1e5, TERMS[2], np.where(distance < 2, TERMS[1], TERMS[0]))
    terms = np.where((distance < 2) & (np.minimum(b, a) > 1e3), TERMS[2], terms)
    answer = np.empty(len(a))
    for number in TERMS:
        some = terms == number
        if some.any():
            answer[some] = from_far_end(a[some], b[some], x[some], number)
    return answer


def from_far_end(a: Floats, b: Floats, x: Floats, number: int) -> Floats:
    step = np.arange(number, dtype=np.float64)[:, None]
    odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
    step += 1
    even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
    below = np.ones(len(a))
    for place in range(number - 1, -1, -1):
        for term in (even[place], odd[place]):
            np.divide(term, below, out=below)
            below += 1
    return 1 / below


def log_beta(a: Floats, b: Floats) -> Floats:
    return log_gamma(a) + log_gamma(b) - log_gamma(a + b)


def log_gamma(x: Floats) -> Floats:
    """Natural logarithm of the gamma function for x > 0: Stirling's series from 10 on, the recurrence below."""
    small = x < SHIFT
    z = np.where(small, x + SHIFT, x)
    inverse, power = 1 / (z * z), 1 / z
    answer = (z - 0.5) * np.log(z) - z + 0.5 * np.log(2 * np.pi)
    for factor in STIRLING:
        answer = answer + factor * power
        power = power * inverse
    if small.any():
        low = x[small]
        product = np.ones(len(low))
        for step in range(SHIFT):
            product *= low + step
        answer[small] -= np.log(product)
    return answer


def usual_bound(mean: ArrayLike, dispersion: ArrayLike, share: float = 0.025) -> NDArray[np.int64]:
    """The largest count that is still usual: the smallest n with P(Y > n) <= share; same shape as the arguments."""
    m, d = np.broadcast_arrays(np.asarray(mean, np.float64), np.asarray(dispersion, np.float64))
    rare = -np.log10(share)
    spread = np.sqrt(m + d * m * m)
    low = np.full(m.shape, -1.0)
    high = np.ceil(m + 12 * spread + 12)  # beyond the quantile for any dispersion the detector can hold
    parts = (np.arange(1, PARTS) / PARTS).reshape(-1, *[1] * m.ndim)
    while np.any(high - low > 1):
        # Many tails at once cost hardly more than one, so the span is cut into many parts and not in halves.
        middle = np.floor(low + (high - low) * parts)
        enough = (tail(middle + 1, m, d) >= rare) & (middle > low)
        high, low = np.where(enough, middle, high).min(0), np.where(enough, low, middle).max(0)
    return high.astype(np.int64)


def none_at_all(mean: Any, dispersion: Any) -> Floats:
    """-log10 P(Y = 0) of the same distribution."""
    d = np.maximum(np.asarray(dispersion, np.float64), 1e-7)
    return np.log1p(d * np.asarray(mean, np.float64)) / (d * np.log(10))
