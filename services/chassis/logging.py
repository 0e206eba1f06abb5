"""The log of a process: structlog for its own records and those of the libraries.

A record with `again=True` tells of something that lasts, such as a server that does not answer, and repeats.
It is written with backoff, and so is what some libraries say: see `Repeats`.
"""

import logging
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Final, cast

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from services.chassis.printable import printable, printable_json, printable_line
from services.chassis.redaction import Redaction
from services.chassis.repeats import Repeats
from services.chassis.settings import LogSettings

REPEATING: Final = ("aiokafka", "pymongo", "uvicorn")
"""The libraries that say the same over and over: of an outage, or of requests that are not HTTP."""
CONTINUED: Final = "\n    "
"""Before the further lines of a record on a console, such as a traceback's: so none looks like a record."""

SHARED: Final[tuple[Processor, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)

log = structlog.get_logger()


def configure_logging(settings: LogSettings, service: str) -> None:
    """Write every record to standard error, as a line of JSON or of text, without the settings' secrets.

    What comes from outside can neither begin a record nor control the terminal. Errors that end the process
    or a thread, and warnings, are records too.
    """
    repeats, redact = Repeats(), Redaction.of(settings, os.environ)
    shared, rendered = _json(service) if settings.log_format == "json" else _text()
    rendered.append(_to_line(redact))
    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        processors=[partial(_without_repetitions, repeats), *shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove, *rendered])
    )
    handler.addFilter(partial(_is_no_repetition, repeats))
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_end
    threading.excepthook = lambda args: _log_end(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _log_end(args.exc_type, args.exc_value, args.exc_traceback)


def _json(service: str) -> tuple[list[Processor], list[Processor]]:
    """Return the processors before and in the rendering. The supervisor names the process on a console."""
    tracebacks = ExceptionDictTransformer(show_locals=False)  # they hold others' data
    exceptions = structlog.processors.ExceptionRenderer(tracebacks)
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    rendered: list[Processor] = [renderer, _to_line(printable_json)]
    return [lambda _logger, _method, event: {"service": service, **event}, *SHARED, exceptions], rendered


def _text() -> tuple[list[Processor], list[Processor]]:
    console = structlog.dev.ConsoleRenderer(
        colors=False,
        pad_event_to=0,
        pad_level=False,
        exception_formatter=structlog.dev.plain_traceback,  # the rich one shows locals
    )
    lines = _to_line(lambda text: printable(text).replace("\n", CONTINUED))
    return [*SHARED], [_one_line_event, console, lines]


def _without_repetitions(
    repeats: Repeats, _logger: WrappedLogger, _method: str, event: EventDict
) -> EventDict:
    """Drop a record with `again` that repeats; the next one says how many were left out."""
    if event.pop("again", False):
        left_out = repeats.left_out(f"{event['event']} {event.get('topic')} {event.get('partition')}")
        if left_out is None:
            raise structlog.DropEvent
        if left_out:
            event["left_out"] = left_out
    return event


def _is_no_repetition(repeats: Repeats, record: logging.LogRecord) -> bool:
    """Do the same for the record of a library: False drops it."""
    if not record.name.startswith(REPEATING):
        return True
    left_out = repeats.left_out(f"{record.name} {record.msg}")
    if left_out:
        record.msg = f"{record.msg} ({left_out} such lines left out)"
    return left_out is not None


def _log_end(kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt | SystemExit):
        log.critical("error that nothing handled", exc_info=(kind, error, traceback))


def _one_line_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["event"] = printable_line(str(event["event"]))
    return event


def _to_line(change: Callable[[str], str]) -> Processor:
    """Return a processor that changes the text which the renderer before it has made."""
    return lambda _logger, _method, line: change(cast("str", line))
