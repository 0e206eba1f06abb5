"""The backtest service's environment variables."""

import os
from typing import Annotated

from pydantic import Field

from services.chassis.settings import Count, Seconds, ServiceSettings


class BacktestSettings(ServiceSettings):
    """Beside the common ones: how many backtests run at once, and for how long one may."""

    backtest_workers: Annotated[int, Field(ge=0)] = max(1, (os.cpu_count() or 2) - 1)
    """Worker processes; by default one less than there are processors. 0 accepts work but does none."""
    backtest_deadline_seconds: Seconds = 600.0
    """How long a backtest may run before it is ended as failed."""
    backtest_attempts: Count = 3
    """How often a backtest that kills its worker is tried."""
