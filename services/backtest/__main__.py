"""`python -m services.backtest`: the backtest service alone, with the Kafka and MongoDB of its settings."""

if __name__ == "__main__":
    # Imported here because every worker process runs this file too, under another name: 40 MB less for each.
    from functools import partial

    from services.backtest.bootstrap import assemble
    from services.backtest.domain.strategy_types import UNUSABLE
    from services.backtest.settings import BacktestSettings
    from services.chassis.process.service import exit_if_any, load, run_service

    settings = load(BacktestSettings)
    exit_if_any(UNUSABLE)
    run_service("backtest", settings, partial(assemble, settings))
