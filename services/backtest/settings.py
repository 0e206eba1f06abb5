"""The backtest service's environment variables."""

import os
from typing import Annotated

from pydantic import Field

from services.chassis.settings import Seconds, ServiceSettings


class BacktestSettings(ServiceSettings):
    """Beside the common ones: how many backtests run at once, and for how long one may."""

    backtest_workers: Annotated[int, Field(ge=0)] = max(1, (os.cpu_count() or 2) - 1)
    backtest_deadline_seconds: Seconds = 600.0
    backtest_attempts: Annotated[int, Field(ge=1)] = 3
