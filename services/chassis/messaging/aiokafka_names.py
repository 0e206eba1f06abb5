"""The names of aiokafka that its documentation does not promise: this file alone uses them.

aiokafka is pinned to one version; `tests/unit/chassis/test_aiokafka_names.py` says what a new one broke.
"""

from typing import Any

from aiokafka.conn import AIOKafkaConnection, collect_hosts, create_conn
from aiokafka.protocol.metadata import MetadataRequest

Address = tuple[str, int]


def addresses(servers: str) -> list[Address]:
    """Return the hosts and ports that `KAFKA_BOOTSTRAP_SERVERS` names, in any order."""
    return [(host, port) for host, port, _ in collect_hosts(servers)]


async def brokers_named_by(host: str, port: int, seconds: float, **arguments: Any) -> list[Address]:  # noqa: ANN401
    """Connect to a broker once, as a client with these arguments does; return all brokers that it names.

    Raises:
        KafkaError: it does not let the client in.
        OSError: it can't be reached, or refuses TLS.
        TimeoutError: a step takes longer than `seconds`.

    """
    connection: AIOKafkaConnection = await create_conn(
        host, port, request_timeout_ms=1000 * seconds, **arguments
    )
    try:
        metadata = await connection.send(MetadataRequest([]))
        return [(host, port) for _, host, port, *_ in metadata.brokers]
    finally:
        connection.close()
