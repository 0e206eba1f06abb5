"""What a simulation returns from its worker process."""

from typing import NamedTuple

from backchat_contracts import Performance, Provenance, ResultWarning
from services.backtest.domain.result import Result


class Output(NamedTuple):
    """A simulated backtest: its metrics, curves and fills, what limits their worth, what they come from."""

    performance: Performance
    result: Result
    warnings: tuple[ResultWarning, ...]
    provenance: Provenance
