"""Warnings: what limits the worth of a backtest's figures. They go wherever the figures go."""

from typing import Final, Literal

from backchat_contracts.base import Contract, Texts

WarningCode = Literal[
    "no-trades",
    "few-trades",
    "short-window",
    "warm-up-incomplete",
    "data-warnings",
    "instrument-ended",
    "mostly-cash",
    "setting-changed",
]
"""`no-trades`: it never bought. `few-trades`: it closed fewer than five positions. `short-window`: it has
fewer than 60 trading days, and no annual figures. `warm-up-incomplete`: some of the prices are missing that
the first decision should see. `data-warnings`: the prices that it used are doubtful; the market's report says
all that is. `instrument-ended`: a symbol's last trading day came before the run's, and what was
held of it was sold at its last close. `mostly-cash`: on average more than half of the equity was not
invested. `setting-changed`: it was set otherwise than the run of its strategy before it; it says what
differs.
"""

UNRANKED: Final[frozenset[WarningCode]] = frozenset({"no-trades", "short-window"})
"""A backtest with one of these is shown, and is never the best or the worst of anything."""


class ResultWarning(Contract):
    """A warning about a backtest's figures: `code` is stable, `detail` says it in words."""

    code: WarningCode
    detail: Texts
