"""`python -m deploy.rebuild`: publishes again the events of which the compare service builds its model."""

import asyncio
import logging
import sys

from services.backtest.bootstrap import republishing
from services.backtest.settings import BacktestSettings
from services.chassis.logging import configure_logging
from services.chassis.messaging.kafka import Kafka
from services.chassis.process.service import connected, exit_code_of_errors, load


async def rebuild(settings: BacktestSettings) -> str:
    """Publish them; return what was published."""
    async with connected(Kafka(settings, "backtest")) as kafka, republishing(settings, kafka) as events:
        published = await events.run()
    return f"published {published.strategies} strategies and the latest backtests of {published.backtests}"


def main() -> None:
    # Not every broker has the idempotent producer, and an event that comes twice does no harm.
    settings = load(BacktestSettings).model_copy(update={"kafka_idempotence": False})
    configure_logging(settings, "rebuild")
    logging.disable(logging.CRITICAL)  # the lines of the libraries; our own say why it failed
    with exit_code_of_errors():
        sys.stdout.write(f"{asyncio.run(rebuild(settings))}\n")


if __name__ == "__main__":
    main()
