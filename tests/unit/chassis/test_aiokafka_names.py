"""What we use of aiokafka beyond its documentation: a failure here says what a new version broke.

That a broker names all brokers is tested with real ones in `tests/flows` and `tests/programs/deploy`.
"""

from importlib.metadata import version
from inspect import signature

from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.protocol.metadata import MetadataResponse_v0
from aiokafka.protocol.transaction import InitProducerIdRequest

from services.chassis.messaging.aiokafka_names import addresses


def test_the_version_is_the_one_that_was_tried() -> None:
    assert version("aiokafka") == "0.14.0"


def test_servers_are_hosts_and_ports() -> None:
    assert sorted(addresses("b:1,[::1]:2,a")) == [("::1", 2), ("a", 9092), ("b", 1)]


def test_a_connection_has_a_time_limit_and_is_closed_by_a_call() -> None:
    assert "request_timeout_ms" in signature(create_conn).parameters
    assert callable(AIOKafkaConnection.send)
    assert callable(AIOKafkaConnection.close)


def test_metadata_has_id_host_and_port_of_each_broker_first() -> None:
    ((_, fields), *_) = zip(MetadataResponse_v0.SCHEMA.names, MetadataResponse_v0.SCHEMA.fields, strict=True)
    assert fields.array_of.names[:3] == ("node_id", "host", "port")


def test_a_producer_id_is_asked_for_without_a_transaction_and_comes_with_an_error_code() -> None:
    (version_0,) = InitProducerIdRequest.CLASSES
    request = InitProducerIdRequest(transactional_id=None, transaction_timeout_ms=0)
    assert request.build(version_0).encode()
    assert "error_code" in version_0.RESPONSE_TYPE.SCHEMA.names
