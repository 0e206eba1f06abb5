"""Waiting for a server."""

import pytest
from structlog.testing import capture_logs

from services.chassis.errors import StoreTroubleError, StoreUnavailableError, UnavailableError
from services.chassis.waiting import until_servers_answer

pytestmark = pytest.mark.anyio


class Server:
    """Fails so many times with an error, and answers then."""

    def __init__(self, failures: int, error: type[Exception] = StoreUnavailableError) -> None:
        self.failures = failures
        self.error = error

    async def __call__(self) -> str:
        if self.failures:
            self.failures -= 1
            raise self.error("away")
        return "answer"


async def test_the_log_says_when_a_server_answers_again() -> None:
    waited: list[UnavailableError] = []
    with capture_logs() as logged:
        assert await until_servers_answer(Server(failures=0), waited.append) == "answer"
        assert (waited, logged) == ([], [])
        assert await until_servers_answer(Server(failures=2), waited.append) == "answer"
    assert len(waited) == 2
    assert [each["event"] for each in logged] == ["a server answers again"]
    assert 0.2 < logged[0]["seconds"] < 2


async def test_a_database_in_trouble_is_given_up_and_another_error_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.chassis.waiting.MOST_TROUBLES", 2)
    waited: list[UnavailableError] = []
    with pytest.raises(StoreTroubleError):
        await until_servers_answer(Server(2, StoreTroubleError), waited.append)
    assert len(waited) == 1
    with pytest.raises(ValueError, match="away"):
        await until_servers_answer(Server(1, ValueError), waited.append)
    assert len(waited) == 1
