"""The kernels give the same, bit for bit, without compilation."""

from types import FunctionType
from typing import Any

import numpy as np
import pytest

from services.compare.domain.statistics import kernels, warm_up
from services.compare.domain.statistics.kernels import Kernel
from tests.unit.compare.statistics.markets import market

RETURNS = market(1, 40, 3)
DAYS = np.random.default_rng(2).integers(0, 40, (9, 40)).astype(np.int32)
CENTRED = np.random.default_rng(3).normal(size=(9, 3))
ORDER = np.ascontiguousarray(np.argsort(RETURNS, axis=0).T.astype(np.int32))
STARTS = np.random.default_rng(4).integers(0, 40, (9, 8)).astype(np.int32)

CASES: dict[str, tuple[Any, ...]] = {
    "path_statistics": (RETURNS, RETURNS.mean(axis=0), DAYS),
    "underwater_statistics": (RETURNS, DAYS),
    "resampled_sums": (RETURNS, DAYS),
    "tail_statistics": (np.ascontiguousarray(np.sort(RETURNS, axis=0).T), ORDER, DAYS, 0.05),
    "pair_deviations": (CENTRED,),
    "largest_of_pairs": (CENTRED, np.ones((3, 3))),
    "sharpe_differences": (np.hstack([RETURNS, RETURNS**2]), STARTS, 5, np.array([[0, 1], [2, 1]])),
}


def plain(kernel: Kernel[Any, Any]) -> Any:
    return FunctionType(kernel.python.__code__, kernel.python.__globals__)


def test_all_kernels_are_here() -> None:
    found = {name for name, value in vars(kernels).items() if isinstance(value, Kernel)}
    assert found == {*CASES, "draw_days"}


@pytest.mark.parametrize("name", CASES)
def test_compiled_and_not(name: str) -> None:
    kernel: Kernel[Any, Any] = getattr(kernels, name)
    assert np.array_equal(kernel(*CASES[name]), plain(kernel)(*CASES[name]))


def test_draws_compiled_and_not() -> None:
    words = np.random.default_rng(5).integers(0, 2**32, (4, 30), np.uint32)
    drawn = [np.empty((4, 30), np.int32) for _ in range(2)]
    kernels.draw_days(words, 2**30, drawn[0])
    plain(kernels.draw_days)(words, 2**30, drawn[1])
    assert np.array_equal(*drawn)


@pytest.mark.parametrize("columns", [1, 5, 33, 70])
def test_a_path_is_the_same_beside_others(columns: int) -> None:
    """Several resamples at once, or one: the figures of a column don't change in a digit."""
    returns = market(6, 50, columns)
    days = np.random.default_rng(7).integers(0, 50, (11, 50)).astype(np.int32)
    together = kernels.path_statistics(returns, returns.mean(axis=0), days)
    for n in range(0, columns, 16):
        alone = np.ascontiguousarray(returns[:, [n]])
        assert np.array_equal(
            kernels.path_statistics(alone, returns.mean(axis=0)[[n]], days)[:, :, 0], together[:, :, n]
        )


def test_warm_up_compiles_all() -> None:
    warm_up()
    assert all("machine_code" in vars(each) for each in vars(kernels).values() if isinstance(each, Kernel))
