"""Which of many equal log records are written: those of an outage would fill the disk."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

FIRST_PAUSE_SECONDS: Final = 60.0
LONGEST_PAUSE_SECONDS: Final = 3600.0


@dataclass(slots=True)
class _Series:
    """Records that repeat: when the last one was, when the next is written, and how many were left out."""

    last: float
    due: float
    pause: float = FIRST_PAUSE_SECONDS
    left_out: int = 0


class Repeats:
    """Lets a record pass at first, and its repetitions after 1, 2, 4 … minutes.

    After a minute without a repetition it is new.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._series: dict[str, _Series] = {}

    def left_out(self, key: str) -> int | None:
        """Return how many were left out since the last one that passed; None if this one is left out too."""
        now = self._clock()
        series = self._series.get(key)
        if series is None or now - series.last > FIRST_PAUSE_SECONDS:
            self._series[key] = _Series(last=now, due=now + FIRST_PAUSE_SECONDS)
            return 0
        series.last = now
        if now < series.due:
            series.left_out += 1
            return None
        left_out, series.left_out = series.left_out, 0
        series.pause = min(2 * series.pause, LONGEST_PAUSE_SECONDS)
        series.due = now + series.pause
        return left_out
