"""`python -m services.backtest`: the backtest service alone, with the Kafka and MongoDB of its settings."""

if __name__ == "__main__":
    # Imported here because every worker process runs this file too, under another name: 40 MB less for each.
    import os
    from functools import partial

    from services.backtest.bootstrap import assemble
    from services.backtest.domain.strategy_types import UNUSABLE
    from services.backtest.market_data import unusable
    from services.backtest.settings import BacktestSettings
    from services.chassis.process.service import exit_if_any, load, run_service
    from services.chassis.redaction import Redaction

    settings = load(BacktestSettings)
    redact = Redaction.of(settings, os.environ)
    exit_if_any(redact(line) for line in (*UNUSABLE, *unusable(settings.market_data)))
    run_service("backtest", settings, partial(assemble, settings))
