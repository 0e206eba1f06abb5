"""Simulated returns for the tests of the statistics."""

import numpy as np
from numpy.typing import NDArray


def market(
    seed: int, days: int, strategies: int, sharpe: float = 0.5, shared: float = 0.5
) -> NDArray[np.float64]:
    """Daily returns with fat tails and a common part of their variance, ``[days, strategies]``."""
    rng = np.random.default_rng(seed)
    own = rng.standard_t(4, (days, strategies)) / np.sqrt(2.0)
    common = rng.standard_t(4, (days, 1)) / np.sqrt(2.0)
    returns = np.sqrt(shared) * common + np.sqrt(1.0 - shared) * own + sharpe / np.sqrt(252.0)
    return np.ascontiguousarray(np.maximum(0.01 * returns, -0.5))
