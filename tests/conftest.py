"""What all tests share. Tests are in rooms, by what they need.

unit         one module on fakes, in this process: no program, no server
contracts    the catalogue, the schemas and the examples of contracts/
stores       the stores, in memory and on a real database
programs     one module with the child processes or servers that it is about
flows        all of Backchat over HTTP and Kafka, as its clients see it
faults       all of Backchat, with processes killed, stopped or cut off
containers   the flow tests on Docker containers
chaos, bench, soak: commands, not tests: `make chaos`, `make bench`, `make losses`, `make soak`

`make test` runs the first five but for the longest tests, in two processes (`ByFile`); `make test-all` those
and faults too; `make test-kafka` runs flows and faults on Apache Kafka, `make test-stores` runs stores and
flows on your MongoDB.
"""

import hypothesis
import pytest
import structlog
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# An example of a property may take long on a busy machine: pytest's own time limit holds for the whole test.
hypothesis.settings.register_profile("backchat", deadline=None)
hypothesis.settings.load_profile("backchat")


ROOMS_OF_ONE_PROCESS = ["flows", "stores"]
"""Their tests share servers. Those of flows begin first, as they take the longest."""


class ByFile(LoadScopeScheduling):
    """Gives each process a file at a time, or a whole room whose tests share servers."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        room = _room_of(path)
        return room if room in ROOMS_OF_ONE_PROCESS else path


def _room_of(path: str) -> str:
    return path.removeprefix("tests/").partition("/")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _room_of(item.nodeid) != "flows")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> None:
    """Log plain tracebacks: those with local variables take seconds."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.stdlib.add_log_level, renderer])
