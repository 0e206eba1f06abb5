"""What every service can be told by environment variables (or a `.env` file): see the table in README.md."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Milliseconds = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]


class Settings(BaseSettings):
    """Base of all settings: read once, frozen, passed in."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )


class KafkaSettings(Settings):
    """How to reach Kafka and what its broker can do. The defaults suit Apache Kafka."""

    kafka_bootstrap_servers: str = "localhost:9092"
    kafka_fetch_wait_ms: Milliseconds = 500
    kafka_session_timeout_ms: Milliseconds = 10_000
    kafka_idempotence: bool = True
    kafka_durable: bool = True
    kafka_partitions: Annotated[int, Field(ge=1)] | None = None
    kafka_replication_factor: int = -1
    kafka_max_batch: Annotated[int, Field(ge=1)] = 500
    kafka_handler_attempts: Annotated[int, Field(ge=1)] = 5


class MongoSettings(Settings):
    """How to reach MongoDB. A service's database is named after it."""

    mongodb_uri: SecretStr = SecretStr("mongodb://localhost:27017")
    mongodb_timeout_ms: Milliseconds = 5_000


class LogSettings(Settings):
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"


class HealthSettings(Settings):
    """Where a service without an HTTP API of its own answers `/health/live` and `/health/ready`."""

    health_host: str = "127.0.0.1"
    health_port: int | None = None


class LlmSettings(Settings):
    """An OpenAI-compatible endpoint. Without a key and a base URL: answers computed from the data."""

    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    openai_model: str = "gpt-5-mini"
    llm_deadline_seconds: Seconds = 60.0

    @property
    def llm_configured(self) -> bool:
        return self.openai_api_key is not None or self.openai_base_url is not None


class ServiceSettings(KafkaSettings, MongoSettings, LogSettings, HealthSettings):
    """A service that consumes from Kafka and keeps its state in MongoDB."""

    relay_interval_seconds: Seconds = 1.0
    relay_after_seconds: Seconds = 3.0
    lease_seconds: Seconds = 30.0
    heartbeat_seconds: Seconds = 10.0
    drain_seconds: Seconds = 10.0
