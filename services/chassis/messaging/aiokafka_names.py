"""The names of aiokafka that its documentation does not promise: this file alone uses them.

aiokafka is pinned to one version; `tests/unit/chassis/test_aiokafka_names.py` says what a new one broke.
"""

from typing import Any

from aiokafka.conn import AIOKafkaConnection, collect_hosts, create_conn
from aiokafka.errors import NoError, for_code
from aiokafka.protocol.metadata import MetadataRequest
from aiokafka.protocol.transaction import InitProducerIdRequest

Address = tuple[str, int]


def addresses(servers: str) -> list[Address]:
    """Return the hosts and ports that `KAFKA_BOOTSTRAP_SERVERS` names, in any order."""
    return [(host, port) for host, port, _ in collect_hosts(servers)]


async def brokers_named_by(
    host: str,
    port: int,
    seconds: float,
    *,
    idempotence: bool = False,
    **arguments: Any,  # noqa: ANN401 - aiokafka's
) -> list[Address]:
    """Connect to a broker once, as a client with these arguments does; return all brokers that it names.

    With `idempotence`, ask it for a producer id too, as an idempotent producer does.

    Raises:
        KafkaError: it does not let the client in, or gives it no producer id.
        OSError: it can't be reached, or refuses TLS.
        TimeoutError: a step takes longer than `seconds`.

    """
    connection: AIOKafkaConnection = await create_conn(
        host, port, request_timeout_ms=1000 * seconds, **arguments
    )
    try:
        metadata = await connection.send(MetadataRequest([]))
        if idempotence:
            given = await connection.send(
                InitProducerIdRequest(transactional_id=None, transaction_timeout_ms=0)
            )
            error = for_code(given.error_code)
            if error is not NoError and not error.retriable:
                raise error
        return [(host, port) for _, host, port, *_ in metadata.brokers]
    finally:
        connection.close()
