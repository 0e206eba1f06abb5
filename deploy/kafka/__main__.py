"""`python -m deploy.kafka`: Apache Kafka in one terminal."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.types import Port
from rich.console import Console

from deploy.embedded.errors import StackError
from deploy.embedded.signals import cancel_on_signals
from deploy.kafka.cluster import KafkaCluster, Size

app = App(
    name="python -m deploy.kafka",
    help="Run Apache Kafka on this machine, without Docker: one broker, or three that replicate.",
    version_flags=[],
    error_console=Console(stderr=True, soft_wrap=True),
    error_formatter=lambda error: f"kafka: {error}",
)


@app.default
async def run(
    *,
    port: Annotated[Port, Parameter(env_var="KAFKA_PORT")] = 9092,
    data_dir: Annotated[Path | None, Parameter(env_var="KAFKA_DATA_DIR")] = None,
    brokers: Annotated[Size, Parameter(env_var="BROKERS")] = 1,
) -> int:
    """Run until Ctrl-C or SIGTERM; a second one kills everything at once.

    Parameters
    ----------
    port
        Where the first broker listens, the others on the ports after it; 0 for free ones.
    data_dir
        The folder of the logs; data/kafka-1 or data/kafka-3, by the number of brokers, if not given.
    brokers
        1, or 3: then every topic has three copies, of which two must have a record before it counts.

    """
    logging.getLogger("aiokafka").setLevel(
        logging.CRITICAL
    )  # of brokers that are not ready yet it makes a fuss
    folder = data_dir or Path("data") / f"kafka-{brokers}"
    try:
        await _serve(KafkaCluster(folder, brokers=brokers, port=port))
    except StackError as error:
        sys.stderr.write(f"kafka: {error}\n")
        return error.exit_code
    except asyncio.CancelledError:  # asked to end, and all is stopped
        pass
    return 0


async def _serve(cluster: KafkaCluster) -> None:
    cancel_on_signals(cluster)
    async with cluster:
        sys.stdout.write(f"ready  {cluster.bootstrap_servers}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    app()
