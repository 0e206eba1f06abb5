"""The backtest service's environment variables."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from services.backtest.market_data import find_provider
from services.chassis.settings import Count, Seconds, ServiceSettings


def _known(provider: str) -> str:
    find_provider(provider)
    return provider


class BacktestSettings(ServiceSettings):
    """The backtest service's own: how many run at once, for how long, how often, and on whose prices."""

    backtest_workers: Annotated[int, Field(ge=0)] = max(1, (os.cpu_count() or 2) - 1)
    """Worker processes; by default one less than there are processors. 0 accepts work but does none."""
    backtest_deadline_seconds: Seconds = 600.0
    """How long a backtest may run before it is ended as failed."""
    backtest_attempts: Count = 3
    """How often a backtest that kills its worker is tried."""
    market_data: Annotated[str, AfterValidator(_known)] = "sample"
    """The provider of prices: `sample`, or the name of another one that is installed."""
    market_data_dir: Path = Path("data/market")
    """The folder of your own prices, CSV or Parquet files: they come before those of the provider."""
    market_cache_dir: Path = Path("data/market-cache")
    """The folder where own prices are kept as the processes use them; it can be deleted at any time."""
    market_data_env: str = ""
    """Names of the environment variables that the provider reads, separated by commas."""
