"""What a simulation returns from its worker process."""

from typing import NamedTuple

from backchat_contracts import Performance, ResultWarning
from services.backtest.domain.result import Result


class Output(NamedTuple):
    """A simulated backtest: its metrics, its curves and fills, and what limits their worth."""

    performance: Performance
    result: Result
    warnings: tuple[ResultWarning, ...]
