"""A window of time in days of the calendar."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from services.compare.domain.series import Days

CLOSED: Final = np.timedelta64(7, "D")
"""For so many days a market may be closed: data that begin later in a window do not have all of it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A window in days of the calendar, both within; None is as far as the data go.

    `counted_from`: the last day of the data, where it is counted back from that.
    """

    start: date | None = None
    end: date | None = None
    counted_from: date | None = None

    def counted(self, days: Days) -> Days:
        """Return those of some days that count: one before the window is only where returns begin."""
        return days if self.start is None else days[np.searchsorted(days, np.datetime64(self.start, "D")) :]

    def lacks(self, days: Days) -> bool:
        """Tell whether the window begins before these days, or ends after them, by more than holidays."""
        early = self.start is not None and days[0] - np.datetime64(self.start, "D") > CLOSED
        late = self.end is not None and np.datetime64(self.end, "D") - days[-1] > CLOSED
        return bool(early or late)
