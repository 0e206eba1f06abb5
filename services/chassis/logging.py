"""The log of a process: structlog for its own records and those of the libraries.

A record with `again=True` tells of something that lasts, such as a server that does not answer, and repeats.
It is written with backoff, and so are the warnings of some libraries: see `Repeats`.
"""

import logging
import os
import sys
import threading
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from services.chassis.printable import printable, printable_json, printable_line
from services.chassis.redaction import Redaction
from services.chassis.repeats import Repeats
from services.chassis.settings import LogSettings

REPEATING: Final = ("aiokafka", "pymongo", "uvicorn")
"""The libraries that warn over and over: of an outage, or of requests that are not HTTP."""
CONTINUED: Final = "\n    "
"""Before the further lines of a record on a console, such as a traceback's: so none looks like a record."""

log = structlog.get_logger()


def configure_logging(settings: LogSettings, service: str) -> None:
    """Write every record to standard error, as a line of JSON or of text, without the settings' secrets.

    What comes from outside can neither begin a record nor control the terminal. Errors that end the process
    or a thread, and warnings, are records too.
    """
    redact = Redaction.of(settings, os.environ)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings.log_format == "json":
        # The supervisor names the process on a console. Local variables are left out: they hold others' data.
        tracebacks = ExceptionDictTransformer(show_locals=False)
        shared = [_service(service), *shared, structlog.processors.ExceptionRenderer(tracebacks)]
        rendered: list[Processor] = [structlog.processors.JSONRenderer(ensure_ascii=False), _line_of_json]
    else:
        console = structlog.dev.ConsoleRenderer(
            colors=False,
            pad_event_to=0,
            pad_level=False,
            exception_formatter=structlog.dev.plain_traceback,  # the rich one shows locals
        )
        rendered = [_one_line_event, console, _lines_of_text]

    repeats = Repeats()

    def leave_out(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
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

    def without_secrets(_logger: WrappedLogger, _method: str, line: Any) -> str:  # noqa: ANN401 - structlog's
        return redact(line)

    rendered.append(without_secrets)
    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        processors=[leave_out, *shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    handler.addFilter(passes)
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_end
    threading.excepthook = lambda args: _log_end(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _log_end(args.exc_type, args.exc_value, args.exc_traceback)


def _log_end(kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt | SystemExit):
        log.critical("error that nothing handled", exc_info=(kind, error, traceback))


def _service(name: str) -> Processor:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.setdefault("service", name)
        return event

    return add


def _one_line_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["event"] = printable_line(str(event["event"]))
    return event


def _line_of_json(_logger: WrappedLogger, _method: str, line: Any) -> str:  # noqa: ANN401 - structlog's
    return printable_json(line)


def _lines_of_text(_logger: WrappedLogger, _method: str, lines: Any) -> str:  # noqa: ANN401 - structlog's
    return printable(lines).replace("\n", CONTINUED)
