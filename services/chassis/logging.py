"""The log of a process: structlog for its own records and those of the libraries.

A record with `again=True` tells of something that lasts, such as a server that does not answer, and repeats.
It is written with backoff, and so are the warnings of some libraries: see `Repeats`.
"""

import logging
import sys
from typing import Final

import structlog

from services.chassis.repeats import Repeats
from services.chassis.settings import LogSettings

REPEATING: Final = ("aiokafka", "pymongo", "uvicorn")
"""The libraries that warn over and over: of an outage, or of requests that are not HTTP."""


def configure_logging(settings: LogSettings, service: str) -> None:
    """Write every record to standard error, as a line of JSON or of text."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings.log_format == "json":
        shared.append(structlog.processors.dict_tracebacks)
        renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=False,
            pad_event_to=0,
            pad_level=False,
            exception_formatter=structlog.dev.plain_traceback,  # the rich one shows locals: secrets
        )

    def add_service(
        _logger: structlog.typing.WrappedLogger, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        event.setdefault("service", service)
        return event

    if settings.log_format == "json":
        shared.insert(0, add_service)  # on a console the supervisor names the process

    repeats = Repeats()

    def leave_out(
        _logger: structlog.typing.WrappedLogger, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        if event.pop("again", False):
            left_out = repeats.passes(event["event"])
            if left_out is None:
                raise structlog.DropEvent
            if left_out:
                event["left_out"] = left_out
        return event

    def passes(record: logging.LogRecord) -> bool:
        if record.levelno > logging.WARNING or not record.name.startswith(REPEATING):
            return True
        return repeats.passes(f"{record.name} {record.msg}") is not None

    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        processors=[leave_out, *shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(passes)
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
