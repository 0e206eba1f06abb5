"""The settings of every service: environment variables, or lines of `.env`. docs/settings.md lists them."""

import re
import ssl
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, FilePath, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backchat_contracts import Language

Milliseconds = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]
V = TypeVar("V")

SERVER = re.compile(r"(\[[0-9A-Fa-f:]+\]|[^\s:/@\[\]]+)(:\d{1,5})?")
LAST_PORT = 65_535
UNUSED = "does not use it: the connection would be without"


class Settings(BaseSettings):
    """Base of all settings: read once, frozen, passed in."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )


def tls_context(
    ca_file: Path | None, cert_file: Path | None = None, key_file: Path | None = None
) -> ssl.SSLContext:
    """Return how a client checks a server's certificate, and proves with its own who it is.

    Raises ValueError for a file that can't be read, or is none of this kind.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError as error:
        raise ValueError(f"there is no certificate in PEM format in {ca_file}") from error
    except OSError as error:
        raise ValueError(f"{ca_file} can't be read: {error.strerror}") from error
    if cert_file:
        try:
            # Without a password OpenSSL would ask for one at the terminal.
            context.load_cert_chain(cert_file, key_file, password="")
        except OSError as error:
            key = key_file or cert_file
            raise ValueError(f"the certificate's key is not in {key}, or is encrypted") from error
    return context


class KafkaSettings(Settings):
    """How to reach Kafka and what its broker can do. The defaults suit Apache Kafka."""

    kafka_bootstrap_servers: str = "localhost:9092"
    """Brokers to connect to first, as `host:port`, separated by commas."""
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """`PLAINTEXT`, `SSL` (encrypted), `SASL_PLAINTEXT` (with a user) or `SASL_SSL` (both)."""
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    """With SASL: `PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`."""
    kafka_sasl_username: str | None = None
    """With SASL: the user."""
    kafka_sasl_password: SecretStr | None = None
    """With SASL: the password."""
    kafka_ca_file: FilePath | None = None
    """With SSL: certificates that sign the brokers', in PEM format; else those that the system trusts."""
    kafka_client_cert_file: FilePath | None = None
    """With SSL: a certificate for brokers that ask for one, in PEM format."""
    kafka_client_key_file: FilePath | None = None
    """With SSL: its key, in PEM format and not encrypted, if it is not in the same file."""
    kafka_fetch_wait_ms: Milliseconds = 500
    """How long a fetch may wait for data. On a broker that doesn't wake it, this is latency."""
    kafka_session_timeout_ms: Annotated[int, Field(ge=1000)] = 10_000
    """How long a consumer keeps its partitions without a heartbeat."""
    kafka_max_poll_interval_ms: Annotated[int, Field(ge=1000)] = 300_000
    """How long the records of one poll may take before other consumers get the partitions."""
    kafka_idempotence: bool = True
    """Whether the broker has the idempotent producer."""
    kafka_durable: bool = True
    """Whether the broker keeps what it acknowledged: then a command without a reply is a 202, else a 503."""
    kafka_offset_gaps: bool = False
    """Whether the broker may show a record before one with a smaller offset; such a gap is read again."""
    kafka_partitions: Count | None = None
    """Partitions of every topic, instead of those that the catalogue names."""
    kafka_replication_factor: int = -1
    """Copies of every topic; -1 leaves it to the broker."""
    kafka_max_batch: Count = 500
    """The most records that are handled side by side."""
    kafka_handler_attempts: Count = 5
    """How often a failing record is tried before it goes to the dead letters."""
    # Brokers take a little more by default. A record that the broker refuses for its size leaves a gap in the
    # sequence numbers of an idempotent producer, which then cannot send any more.
    kafka_max_record_bytes: Annotated[int, Field(ge=65_536)] = 1_000_000
    """The largest record that is sent, in bytes; at most what the broker takes."""
    kafka_ack_timeout_seconds: Seconds = 0.8
    """How long a request waits for the broker's acknowledgement before it is a 503."""
    kafka_metrics: bool = False
    """Whether records are counted and timed for Prometheus: `/metrics`, where `/health/live` is."""
    kafka_tracing: bool = False
    """Whether records are traced with OpenTelemetry; spans go where `OTEL_EXPORTER_OTLP_ENDPOINT` says."""

    @field_validator("kafka_bootstrap_servers")
    @classmethod
    def _servers(cls, value: str) -> str:
        servers = [server.strip() for server in value.split(",")]
        for server in servers:
            found = SERVER.fullmatch(server)
            if found is None or int((found[2] or ":0")[1:]) > LAST_PORT:
                raise ValueError(f"{server.rpartition('@')[2]!r} is not host:port")
        return ",".join(servers)

    @field_validator("kafka_sasl_mechanism", "kafka_sasl_username", "kafka_sasl_password")
    @classmethod
    def _with_sasl_alone(cls, value: V | None, info: ValidationInfo) -> V | None:
        protocol = info.data.get("kafka_security_protocol", "")
        if (value is None) == protocol.startswith("SASL_"):
            raise ValueError(f"KAFKA_SECURITY_PROTOCOL={protocol} {'needs it' if value is None else UNUSED}")
        return value

    @field_validator("kafka_ca_file", "kafka_client_cert_file", "kafka_client_key_file")
    @classmethod
    def _with_tls_alone(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        protocol = info.data.get("kafka_security_protocol", "SSL")
        if path and not protocol.endswith("SSL"):
            raise ValueError(f"KAFKA_SECURITY_PROTOCOL={protocol} {UNUSED}")
        return path

    @field_validator("kafka_ca_file", "kafka_client_cert_file")
    @classmethod
    def _certificate(cls, path: Path | None) -> Path | None:
        if path:
            tls_context(path)
        return path

    @field_validator("kafka_client_key_file")
    @classmethod
    def _key_of_certificate(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        if certificate := info.data.get("kafka_client_cert_file"):
            tls_context(None, certificate, path)
        elif path:
            raise ValueError("KAFKA_CLIENT_CERT_FILE is missing")
        return path


class MongoSettings(Settings):
    """How to reach MongoDB. Each service has a database of its own."""

    mongodb_uri: SecretStr = SecretStr("mongodb://localhost:27017")
    """The address of MongoDB, with user and password if it needs them."""
    mongodb_timeout_ms: Milliseconds = 5_000
    """How long to try to reach a server."""
    mongodb_database_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")] = "backchat_"
    """What the names of the databases begin with, before the name of the service."""


class LogSettings(Settings):
    """Which records are logged, and how."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The lowest level that is logged."""
    log_format: Literal["json", "console"] = "json"
    """`json` for a line of JSON per record, `console` for a line of text."""


class WatchdogSettings(Settings):
    """When a process counts as stuck."""

    watchdog_seconds: Annotated[float, Field(ge=3)] = 30.0
    """How long a consumer may make no progress before its process ends; after half of it, it is not ready."""


class LanguageSettings(Settings):
    """The language where a request names none."""

    default_language: Language = "ko"
    """`ko` or `en`: the language of error texts in comparisons."""


class ServiceSettings(KafkaSettings, MongoSettings, LogSettings, WatchdogSettings):
    """A service that consumes from Kafka, keeps its state in MongoDB and has no HTTP API of its own."""

    health_host: str = "127.0.0.1"
    """The address that the health endpoints listen at."""
    health_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """Their port; without one there are none."""
    relay_interval_seconds: Seconds = 1.0
    """How often to look for stored events that were not sent."""
    relay_after_seconds: Seconds = 2.5
    """How long after it was stored an event counts as not sent."""
    outbox_keep_seconds: Annotated[float, Field(ge=0)] = 0.0
    """How long a sent event is kept, to be sent again at the next start: for a broker that loses its data."""
    lease_seconds: Seconds = 30.0
    """How long a job stays claimed without a heartbeat of its worker."""
    heartbeat_seconds: Seconds = 10.0
    """How often a worker sends a heartbeat for its jobs."""
    drain_seconds: Seconds = 10.0
    """How long a service that is stopped may take to finish its work."""
