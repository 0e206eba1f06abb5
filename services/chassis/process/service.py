"""The life of a service process: start in order, wait for a signal, finish the work, stop in reverse."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import structlog
import uvloop
from pydantic import SecretStr, ValidationError

from services.chassis.errors import OtherFormatError, UnavailableError
from services.chassis.jobs.workers import Workers
from services.chassis.logging import configure_logging
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.request_client import RequestClient
from services.chassis.messaging.topics import topics_of
from services.chassis.process.health import Check, Degraded, serving_health
from services.chassis.process.watchdog import Watchdog, stacks
from services.chassis.settings import MongoSettings, ServiceSettings, Settings
from services.chassis.storage.mongo import Database, check_uri
from services.chassis.storage.schema import answers

log = structlog.get_logger()

S = TypeVar("S", bound=Settings)
Assemble = Callable[[Kafka], AbstractAsyncContextManager[None]]
"""Starts the parts of a service, and stops them at the end of the block."""
TIDY_SECONDS = 3.0
"""How much longer than `DRAIN_SECONDS` a stop may take: to commit, to leave the group, to disconnect."""

LATE_EXIT_CODE = 1
USAGE_EXIT_CODE = 2
UNAVAILABLE_EXIT_CODE = 69  # EX_UNAVAILABLE of sysexits.h
OTHER_FORMAT_EXIT_CODE = 78  # EX_CONFIG


def now() -> datetime:
    """Return the present time in UTC, cut to milliseconds, as MongoDB stores it: the services' clock."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def load(settings: type[S]) -> S:
    """Read a service's command line, which has no option but `--help`, and its settings."""
    if sys.argv[1:] in (["--help"], ["-h"]):
        sys.stdout.write(describe(settings))
        raise SystemExit(0)
    if sys.argv[1:]:
        sys.stderr.write(f"unknown option {sys.argv[1]}: settings are environment variables, see --help\n")
        raise SystemExit(USAGE_EXIT_CODE)
    return read_settings(settings)


def read_settings(settings: type[S]) -> S:
    """Read the settings; if one is wrong, print a line for each that is and exit with code 2."""
    try:
        read = settings()
        if isinstance(read, MongoSettings):
            check_uri(read)
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"{name}: {problem['msg'].removeprefix('Value error, ')}\n")
        raise SystemExit(USAGE_EXIT_CODE) from error
    except ValueError as error:
        sys.stderr.write(f"MONGODB_URI: {error}\n")
        raise SystemExit(USAGE_EXIT_CODE) from error
    return read


def exit_if_any(problems: Iterable[str]) -> None:
    """End the process with code 2 if there are problems, and a line for each of them."""
    if lines := [f"{problem}\n" for problem in problems]:
        sys.stderr.writelines(lines)
        raise SystemExit(USAGE_EXIT_CODE)


def describe(settings: type[Settings]) -> str:
    """Return the text of `--help`: the environment variables, a line each, with default and meaning."""
    rows = [
        (name.upper(), _shown(field.default), field.description or "")
        for name, field in settings.model_fields.items()
    ]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"  {name:{widths[0]}}  {default:{widths[1]}}  {meaning}" for name, default, meaning in rows]
    return "\n".join([settings.__doc__ or "", "", "Environment variables, defaults, meaning:", *lines, ""])


def _shown(default: object) -> str:
    if default is None:
        return "-"
    return str(default.get_secret_value() if isinstance(default, SecretStr) else default)


def run_service(name: str, settings: ServiceSettings, assemble: Assemble) -> None:
    """Run a service until SIGTERM or SIGINT. If it cannot start, exit with a line that says why."""
    configure_logging(settings, name)
    with exit_code_of_errors():
        try:
            uvloop.run(_serve(name, settings, assemble))
        except asyncio.CancelledError:
            log.info("stopped before it had started", service=name)


@contextmanager
def exit_code_of_errors() -> Iterator[None]:
    """Give the errors that keep a service from starting a line of the log and an exit code."""
    try:
        yield
    except (UnavailableError, OtherFormatError) as error:
        log.error("cannot start", error=str(error))  # noqa: TRY400 - the cause is in the message
        raise SystemExit(exit_code_of(error)) from error


def exit_code_of(error: UnavailableError | OtherFormatError) -> int:
    return OTHER_FORMAT_EXIT_CODE if isinstance(error, OtherFormatError) else UNAVAILABLE_EXIT_CODE


async def _serve(name: str, settings: ServiceSettings, assemble: Assemble) -> None:
    starting = asyncio.current_task()
    stopped = asyncio.Event()
    hard_stop = HardStop()

    def stop() -> None:
        hard_stop.after(settings.drain_seconds + TIDY_SECONDS)
        if starting:
            starting.cancel()
        stopped.set()

    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop)
    async with connected(Kafka(settings, name)) as kafka, assemble(kafka):
        starting = None
        log.info("started", service=name)
        await stopped.wait()
        log.info("stopping", service=name)


class HardStop:
    """Ends a process that takes too long to stop; its unfinished work is done again after a restart."""

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None

    def after(self, seconds: float) -> None:
        """End the process after that time, from a thread, as the event loop may be blocked."""
        if self._timer is None:  # a second signal does not prolong it
            self._timer = threading.Timer(seconds, self._end, (seconds, asyncio.get_running_loop()))
            self._timer.daemon = True
            self._timer.start()

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _end(self, seconds: float, loop: asyncio.AbstractEventLoop) -> None:
        try:
            log.critical("not stopped in time, the process ends", seconds=seconds, stacks=stacks(loop))
        finally:  # nothing that goes wrong with that may keep it alive
            os._exit(LATE_EXIT_CODE)


@asynccontextmanager
async def serving(
    settings: ServiceSettings,
    kafka: Kafka,
    consumer: Consumer,
    database: Database,
    workers: Workers[Any] | None = None,
    degraded: Degraded = tuple,
    request_client: RequestClient | None = None,
) -> AsyncIterator[None]:
    """Serve the health endpoints, and end the process if the consumer or the request client is stuck.

    Ready means that Kafka and the database answer, and that these make progress. Before the process ends,
    the workers give their jobs back, without counting the attempt. What is `degraded` is named in
    health and, for the gateway's health, in every reply.
    """
    kafka.degraded = degraded
    give_back = partial(workers.stop, 0.0) if workers else None
    watched = [each for each in (consumer, request_client) if each]
    watchdog = Watchdog(watched, settings.watchdog_seconds, give_back=give_back)

    async def consuming() -> bool:
        hears = request_client is None or request_client.ready
        return consumer.ready and hears and watchdog.progressing

    checks: dict[str, Check] = {
        "kafka": kafka.ping,
        "consumer": consuming,
        "database": partial(answers, database),
    }
    async with serving_health(settings, checks, kafka.telemetry.metrics, degraded), watchdog.running():
        yield


@asynccontextmanager
async def connected(kafka: Kafka) -> AsyncIterator[Kafka]:
    """Connect to Kafka, create this service's topics where they are missing, disconnect at the end."""
    await kafka.connect()
    try:
        await kafka.ensure_topics(topics_of(kafka.service))
        yield kafka
    finally:
        await kafka.close()
