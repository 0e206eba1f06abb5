"""Lists, the newest first: the same as sorting all documents, in ranges that hold few of them."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from services.chassis.paging import cursor_of
from services.chassis.storage.mongo import Collection, Database, Document
from services.chassis.storage.newest import ONE_IN, NewestFirst, list_key
from tests.builders import NOW

pytestmark = [pytest.mark.anyio, pytest.mark.long]

DOCUMENTS = 3_000
MOST_IN_A_RANGE = 600
"""Of 3,000: the ranges differ, as the sample is a random one."""

SPREAD: dict[str, Callable[[int], timedelta]] = {
    "evenly": lambda number: timedelta(minutes=number),
    "in two bursts a month apart": lambda number: timedelta(
        days=30 * (number >= DOCUMENTS // 2), milliseconds=number
    ),
    "in groups of twenty of one time": lambda number: timedelta(seconds=number // 20),
}


FILTERS = ((), ("kind",))


class CountingNewestFirst(NewestFirst):
    """Counts what each range holds, which is what a database may read for it."""

    def __init__(self, collection: Collection, apart: Sequence[str] = ()) -> None:
        super().__init__(collection, FILTERS, left_out=["outbox"], apart=apart)
        self.collection = collection
        self.counts: list[int] = []
        self.after_each: Callable[[int], object] = lambda _number: None

    async def _find(self, query: Document, limit: int) -> list[Document]:
        self.counts.append(await self.collection.count_documents(query))
        found = await super()._find(query, limit)
        self.after_each(len(self.counts))
        return found


@pytest.fixture
def collection(database: Database) -> Collection:
    return database["documents"]


async def stored(
    collection: Collection, spread: str, keys: Callable[[str, datetime], Document] = list_key
) -> None:
    """Store documents of two kinds, one in a hundred a rare one, and some that the list doesn't have."""
    documents: list[Document] = []
    for number in range(DOCUMENTS):
        document_id, at = f"document-{number}", NOW + SPREAD[spread](number)
        kind = "rare" if number % 100 == 0 else "frequent"
        documents.append({"_id": document_id, "at": at, "kind": kind, **keys(document_id, at)})
    await collection.insert_many([*documents, {"_id": "without a time", "kind": "rare"}])


@pytest.fixture(params=SPREAD)
async def newest(
    collection: Collection, request: pytest.FixtureRequest
) -> AsyncIterator[CountingNewestFirst]:
    """A list as its process reads it after a restart."""
    await NewestFirst(collection, FILTERS).start()
    await stored(collection, request.param)
    reader = CountingNewestFirst(collection)
    await reader.start()
    return reader


async def pages(newest: NewestFirst, query: Document, limit: int) -> AsyncIterator[list[Document]]:
    before = None
    while page := await newest.read(query, limit, before):
        yield page
        before = page[-1]["listed"]


@pytest.mark.parametrize("query", [{}, {"kind": "rare"}, {"kind": "none"}])
@pytest.mark.timeout(120)
async def test_the_pages_are_the_sorted_documents(
    newest: CountingNewestFirst, collection: Collection, query: Document
) -> None:
    everything = await collection.find({**query, "at": {"$exists": True}}).to_list()
    everything.sort(key=lambda document: (document["at"], document["_id"]), reverse=True)

    shown = [document async for page in pages(newest, query, 200) for document in page]

    assert shown == everything


async def test_a_page_asks_for_few_documents(newest: CountingNewestFirst) -> None:
    await newest.read({}, 20)
    before = cursor_of(NOW + timedelta(days=29), "z")  # between the bursts
    await newest.read({}, 20, before)
    await newest.read({"kind": "rare"}, 20)

    assert max(newest.counts) < MOST_IN_A_RANGE
    assert len(newest.counts) < 20


@pytest.mark.parametrize("restarted", [False, True])
async def test_newer_documents_of_others_widen_no_range(collection: Collection, *, restarted: bool) -> None:
    adding = CountingNewestFirst(collection, apart=["kind"])
    await adding.start()
    documents: list[Document] = []
    for number in range(DOCUMENTS):
        document_id, kind = f"document-{number}", "mine" if number < DOCUMENTS // 2 else "of another"
        documents.append(
            {"_id": document_id, "kind": kind, **list_key(document_id, NOW + timedelta(seconds=number))}
        )
        adding.add(documents[-1])
    await collection.insert_many(documents)
    reader = CountingNewestFirst(collection, apart=["kind"]) if restarted else adding
    if restarted:
        await reader.start()

    page = await reader.read({"kind": "mine"}, 20)

    assert [each["_id"] for each in page] == [
        f"document-{DOCUMENTS // 2 - 1 - number}" for number in range(20)
    ]
    assert sum(reader.counts) < MOST_IN_A_RANGE // 3
    assert await reader.read({"kind": "of none"}, 20) == []
    assert len(await reader.read({}, DOCUMENTS + 1)) == DOCUMENTS


async def test_rare_documents_are_found_by_one_narrow_query_also_after_a_change(
    collection: Collection,
) -> None:
    await stored(collection, "evenly")
    reader = CountingNewestFirst(collection, apart=["kind"])
    await reader.start()
    chosen = [each async for each in collection.find({"sampled": {"$gt": ""}, "kind": "frequent"}).limit(20)]
    for document in chosen:
        await collection.update_one({"_id": document["_id"]}, {"$set": {"kind": "changed"}})
        reader.add({**document, "kind": "changed"})

    shown = await reader.read({"kind": "changed"}, 2)

    assert [each["_id"] for each in shown] == [each["_id"] for each in reversed(chosen[-2:])]
    assert (len(reader.counts), reader.counts[0]) == (1, 2)


async def test_of_several_fields_the_rarest_value_decides(collection: Collection) -> None:
    await stored(collection, "evenly")
    await collection.update_many({"_id": {"$in": ["document-2", "document-5"]}}, {"$set": {"user": "kim"}})
    reader = CountingNewestFirst(collection, apart=["kind", "user"])
    await reader.start()

    page = await reader.read({"kind": "frequent", "user": "kim"}, 20)

    assert [each["_id"] for each in page] == ["document-5", "document-2"]
    assert reader.counts == [2]


async def test_documents_of_other_processes_and_without_a_sample_are_read(collection: Collection) -> None:
    reader = NewestFirst(collection, FILTERS)
    await reader.start()
    await stored(collection, "evenly")

    shown = [document["at"] async for page in pages(reader, {}, 1_000) for document in page]

    assert len(shown) == DOCUMENTS
    assert all(one > following for one, following in pairwise(shown))


async def test_documents_listed_again_and_again_leave_the_ranges_as_narrow_as_they_were(
    newest: CountingNewestFirst, collection: Collection
) -> None:
    chosen = await collection.find_one({"sampled": {"$gt": ""}})
    assert chosen is not None
    for number in range(500):
        key = list_key(chosen["_id"], NOW + timedelta(days=60, seconds=number))
        await collection.update_one({"_id": chosen["_id"]}, {"$set": key})
        for _ in range(3):  # a redelivery
            newest.add(key)
    newest.add(list_key(chosen["_id"], NOW))  # an older event, which the store refused

    page = await newest.read({}, 20)

    assert page[0]["_id"] == chosen["_id"]
    assert max(newest.counts) < MOST_IN_A_RANGE


async def test_what_is_stored_while_a_page_is_read_makes_no_entry_come_twice(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.storage.newest.MOST_SAMPLES", 50)
    reader = CountingNewestFirst(collection)
    await reader.start()
    await stored(collection, "evenly")
    await reader.start()
    reader.after_each = lambda number: [
        reader.add(list_key(f"new {number} {each}", NOW + timedelta(days=365, seconds=each)))
        for each in range(300)
    ]
    shown = [document["_id"] for document in await reader.read({}, 30 * ONE_IN)]

    assert shown == [f"document-{number}" for number in range(DOCUMENTS - 1, -1, -1)][: 30 * ONE_IN]


async def test_old_documents_get_their_keys(collection: Collection) -> None:
    reader = CountingNewestFirst(collection)
    await stored(collection, "evenly", lambda _id, _at: {})
    await reader.migrate("at")
    await reader.start()

    await reader.read({}, 20)

    assert sum(reader.counts) < MOST_IN_A_RANGE
    chosen = await collection.find({"sampled": {"$gt": ""}}).to_list()
    assert all(document["sampled"] == document["listed"] for document in chosen)
