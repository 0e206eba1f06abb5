"""The setting of the embedded broker's memory: what is no size is refused before anything is started."""

from pathlib import Path

import pytest

from deploy.embedded.errors import UnusableError
from deploy.embedded.stack import EMBEDDED, Stack

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("value", ["63", "-256", "1e3", "256 MB", "٢٥٦"])
async def test_what_is_no_size_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(
        UnusableError, match=r"^EMBEDDED_KAFKA_MEMORY_MB is a number of megabytes, at least 64$"
    ):
        async with Stack(tmp_path, env={**EMBEDDED, "EMBEDDED_KAFKA_MEMORY_MB": value}, services=()):
            pass
