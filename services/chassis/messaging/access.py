"""How Kafka's brokers are reached: the arguments of a client, and why a broker does not let it in."""

from asyncio import IncompleteReadError
from collections.abc import Iterable, Mapping
from ssl import SSLCertVerificationError, SSLError
from typing import Any, Final

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    UnknownError,
    UnsupportedSaslMechanismError,
)
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from services.chassis.errors import BrokerUnavailableError
from services.chassis.messaging.aiokafka_names import Address, addresses, brokers_named_by
from services.chassis.messaging.faststream_names import security_arguments
from services.chassis.settings import KafkaSettings, tls_context

SASL: Final = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}
HOST_MISMATCH: Final = frozenset({62, 64})
"""OpenSSL's codes for a certificate of another host or another IP address."""
TRY_SECONDS: Final = 3.0
"""For each step of a connection to one broker; the others are tried after it."""


def security(settings: KafkaSettings) -> BaseSecurity:
    """Return FastStream's description of TLS and of the user."""
    protocol, context = settings.kafka_security_protocol, None
    if protocol.endswith("SSL"):
        context = tls_context(
            settings.kafka_ca_file, settings.kafka_client_cert_file, settings.kafka_client_key_file
        )
    mechanism, password = settings.kafka_sasl_mechanism, settings.kafka_sasl_password
    if protocol.startswith("SASL_") and mechanism and password:
        user = settings.kafka_sasl_username or ""
        return SASL[mechanism](user, password.get_secret_value(), ssl_context=context)
    return BaseSecurity(ssl_context=context)


def client_arguments(settings: KafkaSettings) -> dict[str, Any]:
    """Return the arguments with which every client of aiokafka connects."""
    servers = settings.kafka_bootstrap_servers.split(",")
    return {"bootstrap_servers": servers, **security_arguments(security(settings))}


async def check_access(settings: KafkaSettings) -> None:
    """Connect once as the clients are going to, as they only log why a broker does not let them in.

    Raises BrokerUnavailableError with the settings that may be wrong.
    """
    arguments: dict[str, Any] = security_arguments(security(settings))
    brokers = await _brokers(settings, arguments, addresses(settings.kafka_bootstrap_servers))
    if not brokers:
        raise BrokerUnavailableError(f"{settings.kafka_bootstrap_servers} knows no Kafka broker yet")
    arguments["idempotence"] = settings.kafka_idempotence
    await _brokers(settings, arguments, brokers)  # they may have other names than the servers to begin with


async def _brokers(
    settings: KafkaSettings, arguments: Mapping[str, Any], asked: Iterable[Address]
) -> list[Address]:
    """Return the addresses of the brokers, as the first of these that lets the client in names them."""
    reasons = []
    for host, port in asked:
        try:
            return await brokers_named_by(host, port, TRY_SECONDS, **arguments)
        except (KafkaError, OSError, TimeoutError) as error:
            reasons.append(f"{host}:{port}: {reason(error, settings)}")
    raise BrokerUnavailableError(f"no usable Kafka broker at {'; '.join(reasons)}")


def reason(error: Exception, settings: KafkaSettings) -> str:
    """Return why a broker does not let a client in, beginning with the setting that may be wrong."""
    protocol, mechanism = settings.kafka_security_protocol, settings.kafka_sasl_mechanism
    match error.__cause__ if isinstance(error, KafkaError) and error.__cause__ else error:
        case ClusterAuthorizationFailedError():
            said = "KAFKA_SASL_USERNAME: the broker lets this user write to no topic"
        case UnknownError():
            said = (
                "it has no idempotent producer: set KAFKA_IDEMPOTENCE=false; if it is the embedded one, "
                "KAFKA_DURABLE=false KAFKA_OFFSET_GAPS=true KAFKA_PARTITIONS=1 too"
            )
        case SaslAuthenticationFailed():
            said = f"KAFKA_SASL_USERNAME or KAFKA_SASL_PASSWORD is wrong for {mechanism}"
        case UnsupportedSaslMechanismError():
            said = f"KAFKA_SASL_MECHANISM: the broker does not take {mechanism}"
        case SSLCertVerificationError() as refused if refused.verify_code in HOST_MISMATCH:
            said = f"KAFKA_BOOTSTRAP_SERVERS: {refused.verify_message}"
        case SSLCertVerificationError() as refused:
            said = f"KAFKA_CA_FILE: the broker's certificate is not trusted: {refused.verify_message}"
        case SSLError() as refused if "ALERT" in (refused.reason or ""):
            said = f"KAFKA_CLIENT_CERT_FILE: the broker refuses the client: {refused.reason}"
        case IllegalSaslStateError() | SSLError() | IncompleteReadError() | ConnectionResetError():
            said = f"KAFKA_SECURITY_PROTOCOL: the broker's listener may have another one than {protocol}"
        case TimeoutError():
            said = f"no answer within {TRY_SECONDS:g} s (KAFKA_SECURITY_PROTOCOL={protocol})"
        case cause:
            said = str(cause) or repr(cause)
    return said
