"""`python -m deploy.kafka`: Apache Kafka in one terminal."""

import logging
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.types import Port

from deploy.embedded.command import command, run_until_signal
from deploy.kafka.cluster import KafkaCluster, Size

app = command(
    "deploy.kafka",
    "kafka",
    "Run Apache Kafka on this machine, without Docker: one broker, or three that replicate.",
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
        1, or 3: then each topic has three replicas, and two must have a record before it is
        acknowledged.

    """
    # aiokafka logs errors while the brokers are not ready yet.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    folder = data_dir or Path("data") / f"kafka-{brokers}"
    return await run_until_signal("kafka", lambda: KafkaCluster(folder, brokers=brokers, port=port), _address)


async def _address(cluster: KafkaCluster) -> str:
    return cluster.bootstrap_servers


if __name__ == "__main__":
    app()
