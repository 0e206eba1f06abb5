"""`python -m deploy.rebuild`: publishes again the events of which the compare service builds its model."""

import asyncio
import logging
import sys

import structlog

from services.backtest.bootstrap import republishing
from services.backtest.settings import BacktestSettings
from services.chassis.errors import OtherFormatError, UnavailableError
from services.chassis.messaging.kafka import Kafka
from services.chassis.printable import printable_line
from services.chassis.process.service import connected, exit_code_of, load
from services.chassis.redaction import Redaction

PURPOSE = """\
Publish again what the compare service builds its model of: all strategies with their latest backtests, and
the first backtest of each definition. It may run beside the services, with the settings of the backtest
service.

"""


async def rebuild(settings: BacktestSettings) -> str:
    """Publish them; return what was published."""
    async with connected(Kafka(settings, "backtest")) as kafka, republishing(settings, kafka) as events:
        published = await events.run()
    return f"published {published.strategies} strategies and {published.backtests} backtests"


def main() -> None:
    if sys.argv[1:] in (["--help"], ["-h"]):
        sys.stdout.write(PURPOSE)
    # Not every broker has the idempotent producer, and an event that comes twice does no harm.
    settings = load(BacktestSettings).model_copy(update={"kafka_idempotence": False})
    logging.disable(logging.CRITICAL)  # errors are printed in a line
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        sys.stdout.write(f"{asyncio.run(rebuild(settings))}\n")
    except (UnavailableError, OtherFormatError) as error:
        sys.stderr.write(f"rebuild: {Redaction.of(settings)(printable_line(str(error)))}\n")
        raise SystemExit(exit_code_of(error)) from error


if __name__ == "__main__":
    main()
