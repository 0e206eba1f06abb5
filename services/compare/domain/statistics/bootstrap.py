"""The stationary bootstrap: the same resampled days for all strategies and their benchmark."""

import hashlib
import math
from typing import Final

import numpy as np

from services.compare.domain.statistics.kernels import DayArray, FloatArray, draw_days
from services.compare.domain.statistics.resamples import ROUNDING

RESAMPLES: Final = 2_000

_AT_ONCE: Final = 2**18  # random words: what a processor's cache holds
_WORD: Final = 2**32


def seed_of(*parts: bytes | str) -> int:
    """Derive a seed of 64 bits from what a question is about: equal parts give equal figures everywhere."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8))  # ("ab", "c") is not ("a", "bc")
        digest.update(content)
    return int.from_bytes(digest.digest()[:8])


def block_lengths(series: FloatArray) -> FloatArray:
    """Choose the mean block length of a stationary bootstrap for each series: ``[T, n]`` gives ``[n]`` days.

    The estimate that makes the mean square error of the variance of the mean least, from the autocovariances
    up to the lag from where on they are noise (Politis & White 2004, with the constant corrected by Patton,
    Politis & White 2009). At least 1, at most ``min(3 sqrt(T), T / 3)``; 1 for a series that is constant.
    """
    bars, columns = series.shape
    longest = math.ceil(min(3.0 * math.sqrt(bars), bars / 3.0))
    quiet = max(5, int(math.log10(bars)))  # as many insignificant autocorrelations in a row end the memory
    last_lag = min(math.ceil(math.sqrt(bars)) + quiet, bars - 2)
    band = 2.0 * math.sqrt(math.log10(bars) / bars)

    centred = series - series.mean(axis=0)
    products = np.array([(centred[lag:] * centred[: bars - lag]).sum(axis=0) for lag in range(last_lag + 1)])
    running = np.cumsum(np.square(centred), axis=0)
    ends = np.arange(1, last_lag + 2)
    scale = np.sqrt((running[-1] - running[ends - 1]) * running[bars - 1 - ends])
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.abs(products) < band * scale

    memory = np.full(columns, last_lag)
    for lag in range(last_lag - quiet, -1, -1):  # the first one found is the last one written
        memory[inside[lag : lag + quiet].all(axis=0)] = min(2 * max(lag, 1), last_lag)
    lags = np.arange(1, last_lag + 1)[:, None]
    taper = np.clip(2.0 * (1.0 - lags / memory), 0.0, 1.0)  # flat-top: 1 up to half of the memory
    covariances = products / bars
    spectrum = covariances[0] + 2.0 * (taper * covariances[1:]).sum(axis=0)
    slope = 2.0 * (taper * lags * covariances[1:]).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        length = np.cbrt(np.square(slope / spectrum) * bars)
    varies = covariances[0] > ROUNDING**2
    return np.where(varies, np.clip(np.nan_to_num(length, nan=1.0, posinf=longest), 1.0, longest), 1.0)


def stationary_days(bars: int, block_length: float, resamples: int, seed: int) -> DayArray:
    """Draw B resamples of T days in blocks of geometric length, ``[B, T]`` (Politis & Romano 1994).

    A block begins with a probability of ``1 / block_length`` on any day of the circle that the T days form.
    """
    source = np.random.PCG64(np.random.SeedSequence((seed, 0)))  # a bit generator's stream never changes
    days = np.empty((resamples, bars), np.int32)
    for part in np.array_split(days, max(1, days.size // _AT_ONCE)):
        words = source.random_raw((part.size + 1) // 2).view(np.uint32)[: part.size]
        draw_days(words.reshape(part.shape), round(_WORD / block_length), part)
    return days


def block_starts(bars: int, block_length: int, resamples: int, seed: int) -> DayArray:
    """Draw the first days of the blocks of a circular block bootstrap: ``[B, T // block_length]``."""
    source = np.random.PCG64(np.random.SeedSequence((seed, 1)))
    blocks = bars // block_length
    words = source.random_raw(resamples * blocks) >> np.uint64(32)
    days = (words * np.uint64(bars)) >> np.uint64(32)
    return days.astype(np.int32).reshape(resamples, blocks)
