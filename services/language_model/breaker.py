"""When a provider that fails is left out, and when it is tried again. Pure: times come from outside."""

from dataclasses import dataclass, field, replace
from itertools import islice
from math import inf
from typing import Final

FAILURES_TO_OPEN: Final = 3
OPEN_SECONDS: Final = 10.0
"""How long a provider is left out at first; twice as long after each trial that fails."""
LONGEST_OPEN_SECONDS: Final = 120.0
LONGEST_PAUSE_SECONDS: Final = 3600.0
"""The longest pause that a server may ask for: a nonsensical one must not leave it out for ever."""
STALLED_CALLS: Final = 8


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed: calls go through. Open: none does. Half-open, after a while: one does, as a trial.

    Attributes:
        failures: in a row, while closed.
        openings: in a row; 0 while closed.
        open_until: when a trial may begin.
        trial_until: when the present trial counts as lost; without one, long ago.

    """

    failures: int = 0
    openings: int = 0
    open_until: float = -inf
    trial_until: float = -inf

    @property
    def closed(self) -> bool:
        return self.openings == 0

    def allows(self, now: float) -> bool:
        """Tell whether a call may begin."""
        return self.closed or (now >= self.open_until and now >= self.trial_until)

    def begun(self, now: float, longest: float) -> "Breaker":
        """A call has begun that takes this long at most: while open, it is the trial."""
        return self if self.closed else replace(self, trial_until=now + longest)

    def abandoned(self, *, trial: bool) -> "Breaker":
        """The caller broke a call off: nothing is known of the provider, another may be the trial."""
        return replace(self, trial_until=-inf) if trial else self

    def failed(
        self, now: float, *, trial: bool, at_once: bool = False, pause: float | None = None
    ) -> "Breaker":
        """A call has failed.

        Args:
            now: the time.
            trial: whether the call began as a trial. Others that fail while it is open say nothing new.
            at_once: whether the next call would fail as surely: opens it after one failure.
            pause: seconds for which the server wants to be left alone; opens it too.

        """
        if not self.closed and not trial:
            return self
        failures = self.failures + 1
        if self.closed and failures < FAILURES_TO_OPEN and not at_once and pause is None:
            return replace(self, failures=failures)
        # Smaller powers than these would do; an exponent without a bound becomes infinite.
        seconds = min(OPEN_SECONDS * 2 ** min(self.openings, 10), LONGEST_OPEN_SECONDS)
        seconds = max(seconds, min(pause or 0.0, LONGEST_PAUSE_SECONDS))
        return Breaker(failures, self.openings + 1, now + seconds)


@dataclass(slots=True)
class Waiting:
    """The calls that wait for their first token: many of them, all without one, show a provider that hangs.

    A breaker opens only when the first of them have run into their limit. Until then, all further calls would
    wait as long.
    """

    stall_seconds: float
    _began: dict[object, float] = field(default_factory=dict)
    _last_token: float = -inf

    def begin(self, call: object, now: float) -> None:
        self._began[call] = now

    def token(self, call: object, now: float) -> None:
        """A call got its first token."""
        self._began.pop(call, None)
        self._last_token = now

    def end(self, call: object) -> None:
        """A call has ended, in whichever way."""
        self._began.pop(call, None)

    def stalled(self, now: float) -> bool:
        """Tell whether `STALLED_CALLS` have waited that long, and none got a token meanwhile."""
        began = next(islice(self._began.values(), STALLED_CALLS - 1, None), inf)
        return now - began >= self.stall_seconds and self._last_token < began
