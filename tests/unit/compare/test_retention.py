"""Old comparisons are deleted, also after the database was unreachable."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from services.chassis.errors import ExistsError, StoreUnavailableError
from services.compare.retention import forgetting
from services.compare.settings import CompareSettings
from tests.builders import NOW, comparison_completed, delivery
from tests.fakes import FakeComparisons, eventually

pytestmark = pytest.mark.anyio

KEEP = timedelta(days=30)


class OftenUnreachable(FakeComparisons):
    """A store that is unreachable at every other call."""

    calls = 0

    async def forget(self, before: datetime, most: int) -> None:
        self.calls += 1
        if self.calls % 2:
            raise StoreUnavailableError("away")
        await super().forget(before, most)


async def test_what_is_too_old_is_forgotten_whatever_comes_between() -> None:
    store, ages = (
        OftenUnreachable(),
        {"old": KEEP + timedelta(seconds=1), "young": KEEP - timedelta(seconds=1)},
    )

    async def add() -> None:
        for name, age in ages.items():
            completed = comparison_completed(comparison_id=name, completed_at=NOW - age)
            with suppress(ExistsError):
                await store.add_completed(completed, "digest", delivery())

    await add()
    async with forgetting([store], KEEP, lambda: NOW, every=0.001):
        await eventually(lambda: set(store.memory.documents) == {"young"})
        await add()
        await eventually(lambda: set(store.memory.documents) == {"young"})
    calls = store.calls
    await add()
    assert store.calls == calls


def test_a_comparison_is_kept_longer_than_its_request() -> None:
    with pytest.raises(ValidationError):
        CompareSettings(comparison_keep_days=7)
