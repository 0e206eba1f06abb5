"""Which environment variables a process gets: those that it reads, so secrets are where they are used."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Final

SYSTEM: Final = (
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "LC_*", "TZ", "TZDIR", "TMPDIR"),
    *("LD_*", "DYLD_*", "MALLOC_*", "GLIBC_TUNABLES", "SSL_CERT_*", "XDG_CACHE_HOME", "NO_COLOR"),
)
"""What any program may need."""
PYTHON: Final = ("PYTHON*", "VIRTUAL_ENV", "COVERAGE_*")
PROXIES: Final = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
)
"""For what calls servers over HTTP."""
WORKER: Final = (*SYSTEM, *PYTHON, *PROXIES, "NUMBA_*", "*_NUM_THREADS", "BACKCHAT_FAULTS")
"""For a worker process: it computes, and may fetch data."""
SERVICE: Final = (*WORKER, "OTEL_*", "AIOKAFKA_*")
"""For a service, besides the variables that its settings name."""


def chosen(environment: Mapping[str, str], patterns: Iterable[str]) -> dict[str, str]:
    """Return the variables that a pattern matches: `*` stands for any characters, case is ignored."""
    wanted = [pattern.upper() for pattern in patterns]
    return {
        name: value
        for name, value in environment.items()
        if any(fnmatchcase(name.upper(), pattern) for pattern in wanted)
    }


@contextmanager
def only(patterns: Iterable[str]) -> Iterator[None]:
    """Give this process, and those that it starts inside the block, only the variables that match."""
    whole = dict(os.environ)
    kept = chosen(whole, patterns)
    withheld = {name: value for name, value in whole.items() if name not in kept}
    for name in withheld:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(withheld)


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of variables in a list that is separated by commas."""
    return tuple(name for part in text.split(",") if (name := part.strip()))
