"""`python -m services.backtest`: the backtest service alone, with the Kafka and MongoDB of its settings."""

from functools import partial

from services.backtest.bootstrap import assemble
from services.backtest.settings import BacktestSettings
from services.chassis.process.service import load, run_service

if __name__ == "__main__":
    settings = load(BacktestSettings)
    run_service("backtest", settings, partial(assemble, settings))
