"""Reads files in a process of its own, which ends when all are read.

Decoding a damaged Parquet file can end a process: polars allocates whatever lengths the file states, and an
allocation that fails is not an exception (https://github.com/pola-rs/polars/issues/15342). The process that
serves requests also does without the parser's memory. Only what was found passes between the two, as lines of
JSON; bars are in the cache.
"""

import os
import select
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from pydantic import TypeAdapter

from services.backtest.domain.instruments import Finding
from services.backtest.price_files.arrow import CacheNotWritable, Stored
from services.backtest.price_files.findings import Spot
from services.chassis.environment import WORKER, chosen

LIMIT_SECONDS: Final = 300.0
"""How long reading one file may take; one of a gigabyte takes a tenth of that."""

Read = tuple[tuple[Stored, ...], tuple[Finding, ...]]


class ReadFile(Protocol):
    """Reads a file, as `reading.read_file` does."""

    def __call__(self, path: Path, name: str, cache: Path, today: date) -> Read: ...


Reading = Callable[[], AbstractContextManager[ReadFile]]


@dataclass(frozen=True, slots=True)
class Request:
    """A file to read; `path` in hexadecimal, as it need not be UTF-8."""

    path: str
    name: str
    cache: str
    today: date


@dataclass(frozen=True, slots=True)
class Answer:
    """What a file gave; or why the cache can't be written, an error's number and text."""

    stored: tuple[Stored, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_writable: tuple[int | None, str | None] | None = None


REQUEST: Final = TypeAdapter(Request)
ANSWER: Final = TypeAdapter(Answer)


class ReadingProcess:
    """Reads files; used as a context, which ends the process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def __call__(self, path: Path, name: str, cache: Path, today: date) -> Read:
        """Read a file, also one that ends the process that reads it. Raises CacheNotWritable."""
        request = Request(os.fsencode(path).hex(), name, os.fsencode(cache).hex(), today)
        try:
            answer = self._ask(request)
        except (OSError, ValueError, TimeoutError) as error:
            self._end()
            slow = isinstance(error, TimeoutError)
            reason = "reading it takes too long" if slow else "reading it ended the process that did"
            return (), (Spot("damaged-file", fields={"reason": reason}).finding(name),)
        if answer.not_writable is not None:
            raise CacheNotWritable(*answer.not_writable)
        return answer.stored, answer.findings

    def _ask(self, request: Request) -> Answer:
        process = self._process = self._process or _started()
        assert process.stdin is not None  # noqa: S101 - for the type checker
        assert process.stdout is not None  # noqa: S101 - for the type checker
        process.stdin.write(REQUEST.dump_json(request) + b"\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], LIMIT_SECONDS)[0]:
            raise TimeoutError
        return ANSWER.validate_json(process.stdout.readline())  # an empty line where it has ended

    def _end(self) -> None:
        if (process := self._process) is None:
            return
        self._process = None
        process.kill()
        process.communicate()


def _started() -> "subprocess.Popen[bytes]":
    """Start a process that has none of the service's secrets."""
    environment = {**chosen(os.environ, WORKER), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # polars prints there what is wrong with a damaged file
        env=environment,
    )


def _serve() -> None:
    """Answer requests until there are no more; what else writes to the standard output is dropped."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # most files are small
    from services.backtest.price_files.reading import read_file  # noqa: PLC0415 - 60 MB: here only

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        request = REQUEST.validate_json(line)
        path, cache = (Path(os.fsdecode(bytes.fromhex(each))) for each in (request.path, request.cache))
        try:
            answer = Answer(*read_file(path, request.name, cache, request.today))
        except CacheNotWritable as error:
            answer = Answer(not_writable=(error.errno, error.strerror))
        answers.write(ANSWER.dump_json(answer) + b"\n")
        answers.flush()


if __name__ == "__main__":
    _serve()
