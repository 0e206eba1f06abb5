"""Arrays that Hypothesis draws at once: drawing each element by itself takes most of a test's time."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Shape = tuple[int, ...]
Floats = NDArray[np.float64]


def integers(shape: Shape, least: int, most: int) -> st.SearchStrategy[NDArray[np.int64]]:
    """Integers of a range, all as likely."""
    size = 4 * math.prod(shape)
    return st.binary(min_size=size, max_size=size).map(
        lambda drawn: least + np.frombuffer(drawn, "<u4").reshape(shape) % np.int64(most - least + 1)
    )


def chosen(shape: Shape, values: Sequence[Any]) -> st.SearchStrategy[NDArray[Any]]:
    """Elements of `values`, all as likely."""
    return integers(shape, 0, len(values) - 1).map(lambda places: np.array(values)[places])


def quotes(shape: Shape) -> st.SearchStrategy[Floats]:
    """Prices from a cent to 1,000 at most; some are of few different ones."""
    highest = st.integers(1, 100_000)
    return highest.flatmap(lambda cents: integers(shape, 1, cents)).map(lambda cents: cents / 100)


def returns(fewest: int, most: int, least: float, highest: float) -> st.SearchStrategy[Floats]:
    """From `fewest` to `most` daily returns between these bounds, or much closer to 0, or all of them 0.

    They are in millionths: of a fall as small as a float's rounding, other programs compute ratios.
    """
    millionths = round(least * 1e6), round(highest * 1e6)
    counts, scales = st.integers(fewest, most), st.sampled_from([0, 1e-3, 0.1, 1])
    drawn = st.tuples(counts.flatmap(lambda count: integers((count,), *millionths)), scales)
    return drawn.map(lambda pair: np.trunc(pair[0] * pair[1]) / 1e6)
