"""Data that a newer version has stored: the service says what to do and ends, and so does the stack."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from deploy.embedded.errors import NotReadyError
from deploy.embedded.stack import EMBEDDED, Stack
from services.chassis.process.service import OTHER_FORMAT_EXIT_CODE
from services.chassis.settings import MongoSettings
from services.chassis.storage.schema import open_database
from services.session.mongo import MIGRATIONS

pytestmark = pytest.mark.anyio


async def no_change(_database: object) -> None:
    """A migration of the newer version."""


async def test_a_service_does_not_start_on_newer_data_and_says_what_to_do(tmp_path: Path) -> None:
    log = tmp_path / "stack.log"
    async with Stack(tmp_path, env=EMBEDDED, services=(), log=log) as stack:
        settings = MongoSettings(mongodb_uri=SecretStr(stack.mongodb_uri))
        async with open_database(settings, "session", [*MIGRATIONS, no_change]):
            pass

    end = f"session ended 3 times at the start (exit code {OTHER_FORMAT_EXIT_CODE})"
    with pytest.raises(NotReadyError) as refused:
        async with Stack(tmp_path, env=EMBEDDED, services=("session",), log=log):
            pass
    assert str(refused.value) == end
    said = [line for line in log.read_text().splitlines() if line.startswith("session")]
    assert len(said) == 3
    assert all("start the newer Backchat, or use another DATA_DIR or MONGODB_URI" in line for line in said)
