"""How Kafka's clients connect, and what is said where a broker does not let them in."""

import ssl
from asyncio import IncompleteReadError

import pytest
from aiokafka.errors import (
    IllegalSaslStateError,
    KafkaConnectionError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from pydantic import SecretStr

from services.chassis.errors import BrokerUnavailableError
from services.chassis.messaging.access import check_access, client_arguments, reason
from services.chassis.messaging.kafka import Kafka
from services.chassis.settings import KafkaSettings

USER, PASSWORD = "me", "p:ss"


def settings(protocol: str, mechanism: str | None = None) -> KafkaSettings:
    sasl = protocol.startswith("SASL_")
    return KafkaSettings(
        kafka_security_protocol=protocol,  # type: ignore[arg-type]
        kafka_sasl_mechanism=mechanism,  # type: ignore[arg-type]
        kafka_sasl_username=USER if sasl else None,
        kafka_sasl_password=SecretStr(PASSWORD) if sasl else None,
    )


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
def test_with_sasl_a_client_gets_the_user(protocol: str, mechanism: str) -> None:
    arguments = client_arguments(settings(protocol, mechanism))
    assert arguments.pop("bootstrap_servers") == ["localhost:9092"]
    assert isinstance(arguments.pop("ssl_context"), ssl.SSLContext) is (protocol == "SASL_SSL")
    assert arguments == {
        "security_protocol": protocol,
        "sasl_mechanism": mechanism,
        "sasl_plain_username": USER,
        "sasl_plain_password": PASSWORD,
    }


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL"])
def test_without_sasl_a_client_gets_none(protocol: str) -> None:
    arguments = client_arguments(settings(protocol))
    assert arguments["security_protocol"] == protocol
    assert (arguments["ssl_context"] is not None) is (protocol == "SSL")
    assert "sasl_mechanism" not in arguments


def test_the_server_is_checked() -> None:
    context = client_arguments(settings("SSL"))["ssl_context"]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_the_password_is_in_no_text_of_the_connection() -> None:
    kafka = Kafka(settings("SASL_SSL", "PLAIN"), "session")
    assert PASSWORD not in f"{kafka!r} {kafka.broker!r} {kafka.settings!r} {kafka.settings.model_dump_json()}"


def closed_because_of(cause: Exception) -> KafkaConnectionError:
    """Return what aiokafka raises for a request when the connection breaks off."""
    error = KafkaConnectionError("Connection at 127.0.0.1:9092 closed")
    error.__cause__ = cause
    return error


def tls_error(kind: type[ssl.SSLError], **attributes: object) -> ssl.SSLError:
    error = kind(1, "[SSL] something (_ssl.c:1)")
    for name, value in attributes.items():
        setattr(error, name, value)
    return error


@pytest.mark.parametrize(
    ("error", "setting"),
    [
        (SaslAuthenticationFailed(), "KAFKA_SASL_USERNAME or KAFKA_SASL_PASSWORD"),
        (UnsupportedSaslMechanismError(), "KAFKA_SASL_MECHANISM"),
        (
            tls_error(ssl.SSLCertVerificationError, verify_code=19, verify_message="self-signed"),
            "KAFKA_CA_FILE",
        ),
        (tls_error(ssl.SSLCertVerificationError, verify_code=10, verify_message="expired"), "KAFKA_CA_FILE"),
        (
            tls_error(ssl.SSLCertVerificationError, verify_code=62, verify_message="Hostname mismatch"),
            "KAFKA_BOOTSTRAP_SERVERS",
        ),
        (
            closed_because_of(tls_error(ssl.SSLError, reason="TLSV13_ALERT_CERTIFICATE_REQUIRED")),
            "KAFKA_CLIENT_CERT_FILE",
        ),
        (tls_error(ssl.SSLError, reason="WRONG_VERSION_NUMBER"), "KAFKA_SECURITY_PROTOCOL"),
        (closed_because_of(IncompleteReadError(b"", 4)), "KAFKA_SECURITY_PROTOCOL"),
        (ConnectionResetError("peer"), "KAFKA_SECURITY_PROTOCOL"),
        (IllegalSaslStateError(), "KAFKA_SECURITY_PROTOCOL"),
        (ConnectionRefusedError("refused"), "refused"),
    ],
    ids=repr,
)
def test_the_reason_begins_with_the_setting_that_may_be_wrong(error: Exception, setting: str) -> None:
    said = reason(error, settings("SASL_SSL", "SCRAM-SHA-512"))
    assert said.startswith(setting)
    assert PASSWORD not in said


@pytest.mark.anyio
async def test_of_several_servers_each_says_why_it_can_not_be_reached() -> None:
    nothing_there = KafkaSettings(kafka_bootstrap_servers="127.0.0.1:1,127.0.0.1:2")
    with pytest.raises(BrokerUnavailableError) as refused:
        await check_access(nothing_there)
    said = str(refused.value)
    assert said.count("Errno") == 2
    assert "127.0.0.1:1: " in said
    assert "127.0.0.1:2: " in said
