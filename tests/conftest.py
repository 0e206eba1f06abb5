"""What all tests share. Tests are in rooms, by what they need.

unit         one module on fakes, in this process: no program, no server
contracts    the catalogue, the schemas and the examples of contracts/
stores       the stores, in memory and on a real database
programs     one module with the child processes or servers that it is about
flows        all of Backchat over HTTP and Kafka, as its clients see it
faults       all of Backchat, with processes killed, stopped or cut off
containers   the flow tests on Docker containers
chaos, bench, soak: commands, not tests: `make chaos`, `make bench`, `make losses`, `make soak`

`make test` runs the first five but for the longest tests, `make test-all` those and faults too; `make
test-kafka` runs flows and faults on Apache Kafka, `make test-stores` runs stores and flows on your MongoDB.
"""

import hypothesis
import pytest
import structlog

# An example of a property may take long on a busy machine: pytest's own time limit holds for the whole test.
hypothesis.settings.register_profile("backchat", deadline=None)
hypothesis.settings.load_profile("backchat")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> None:
    """Log plain tracebacks: those with local variables take seconds."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.stdlib.add_log_level, renderer])
