"""Documents that change together with their events; the outbox, its relay and its clearing."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from pydantic import SecretStr

from backchat_contracts import Event, SessionCreated, SessionEnded
from deploy.embedded.net import free_ports
from services.chassis.errors import ExistsError, StaleError, StoreUnavailableError
from services.chassis.messaging.envelope import Record
from services.chassis.settings import MongoSettings, ServiceSettings
from services.chassis.storage import outbox as outbox_module
from services.chassis.storage import schedule as schedule_module
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.grouped import Grouped
from services.chassis.storage.mongo import Database, Document
from services.chassis.storage.schema import open_database
from tests.builders import NOW, delivery, new_id
from tests.fakes import FakeKafka, eventually

pytestmark = pytest.mark.anyio

CAUSE = delivery().origin
EAGER = ServiceSettings(relay_interval_seconds=0.05, relay_after_seconds=0.001)


@pytest.fixture
def quiet(database: Database, kafka: FakeKafka) -> Aggregates:
    """Aggregates whose relay and clearing do not run."""
    return Aggregates(database["documents"], kafka, ServiceSettings())


def created(document: Document) -> Event:
    return SessionCreated(session_id=document["_id"], user_id="김", created_at=NOW)


def ended(document: Document) -> Event:
    return SessionEnded(session_id=document["_id"], ended_at=NOW)


async def stored(aggregates: Aggregates, document: Document) -> Document:
    found = await aggregates.collection.find_one({"_id": document["_id"]})
    assert found is not None
    return found


def outbox(document: Document) -> list[Record]:
    return [Record.from_document(entry) for entry in document["outbox"]]


async def settled(aggregates: Aggregates, document: Document) -> bool:
    """Whether nothing is left to be sent."""
    now = await stored(aggregates, document)
    return now["outbox"] == [] and "unsent_since" not in now


def new_document(**fields: Any) -> Document:
    return {"_id": new_id("document"), **fields}


async def test_an_insert_stores_its_events_in_the_document_and_publishes_them(
    quiet: Aggregates, kafka: FakeKafka
) -> None:
    document = new_document(name="one")
    await quiet.insert(document, [created(document), ended(document)], CAUSE)

    now = await stored(quiet, document)
    assert (now["name"], now["sequence"]) == ("one", 2)
    assert datetime.now(UTC) - now["unsent_since"] < timedelta(minutes=1)
    assert outbox(now) == kafka.sent
    assert [record.topic for record in kafka.sent] == ["session.created", "session.ended"]
    assert [record.headers["ce_sequence"] for record in kafka.sent] == ["1", "2"]
    assert kafka.sent[0].headers["ce_source"] == "/backchat/test"
    assert {record.headers["correlation_id"] for record in kafka.sent} == {CAUSE.correlation_id}


async def test_the_last_inserted_can_be_taken_as_they_are_stored(
    database: Database, kafka: FakeKafka
) -> None:
    aggregates = Aggregates(database["documents"], kafka, ServiceSettings(), kept=2)
    documents = [new_document(name=name) for name in ("one", "two", "three")]
    for document in documents:
        await aggregates.insert(document, [created(document)], CAUSE)

    taken = [aggregates.take_new(document["_id"]) for document in documents]
    there = [await aggregates.get(document["_id"]) for document in documents]
    assert taken[0] is None
    assert taken[1:] == [
        {name: each[name] for name in each if name != "unsent_since"} for each in there[1:] if each
    ]
    assert aggregates.take_new(documents[1]["_id"]) is None


async def test_a_change_adds_its_events_to_those_of_the_document(quiet: Aggregates, kafka: FakeKafka) -> None:
    document = new_document(name="one", old=1)
    await quiet.insert(document, [created(document)], CAUSE)
    read = await quiet.get(document["_id"])
    assert read is not None
    update = {"$set": {"name": "two"}, "$unset": {"old": ""}, "$push": {"log": "x"}}
    await quiet.change(read, update, [ended(document)], CAUSE)

    now = await stored(quiet, document)
    assert (now["name"], now["log"], now["sequence"]) == ("two", ["x"], 2)
    assert "old" not in now
    assert outbox(now) == kafka.sent
    assert [record.headers["ce_sequence"] for record in kafka.sent] == ["1", "2"]


async def test_what_causes_no_event_leaves_nothing_to_send(quiet: Aggregates, kafka: FakeKafka) -> None:
    document = new_document()
    await quiet.insert(document, [], CAUSE)
    assert await settled(quiet, document)
    read = await quiet.get(document["_id"])
    assert read is not None
    await quiet.change(read, {"$set": {"x": 1}}, [], CAUSE)

    assert await settled(quiet, document)
    after = await stored(quiet, document)
    assert (after["version"], after["sequence"]) == (read["version"] + 1, read["sequence"])
    assert kafka.sent == []


async def test_a_document_is_read_without_its_outbox(quiet: Aggregates) -> None:
    document = new_document(name="one")
    await quiet.insert(document, [created(document)], CAUSE)

    read = await quiet.get(document["_id"])
    assert read is not None
    assert "outbox" not in read
    assert document.items() <= read.items()
    assert await quiet.get(new_id()) is None


async def test_documents_that_come_at_once_are_stored_but_for_those_that_are_there(
    quiet: Aggregates, kafka: FakeKafka
) -> None:
    there = new_document(name="first")
    await quiet.insert(there, [created(there)], CAUSE)
    documents = [new_document() for _ in range(20)]
    documents[7] = {**there, "name": "second"}
    inserts = (quiet.insert(each, [created(each)], CAUSE) for each in documents)
    outcomes = await asyncio.gather(*inserts, return_exceptions=True)

    assert isinstance(outcomes.pop(7), ExistsError)
    assert outcomes == [None] * 19
    assert (await stored(quiet, there))["name"] == "first"
    assert len(kafka.sent) == 20
    got = await asyncio.gather(*(quiet.get(each["_id"]) for each in documents))
    assert [each and each["_id"] for each in got] == [each["_id"] for each in documents]


async def test_many_documents_with_many_indexes_at_once_do_not_hang_the_database(
    database: Database, kafka: FakeKafka
) -> None:
    """SecantusDB hangs when transactions that are not yet committed fill a part of its cache."""
    fields = [f"field{number}" for number in range(10)]
    every = [Aggregates(database[name], kafka, ServiceSettings()) for name in ("first", "second")]
    for aggregates in every:
        await asyncio.gather(*(aggregates.collection.create_index(field) for field in fields))
    filled = {field: f"the value of {field}" for field in fields} | {"text": "x" * 1_500}
    documents = [new_document(**filled) for _ in range(1_000)]
    inserts = [each.insert(document, [], CAUSE) for each in every for document in documents]

    assert await asyncio.gather(*inserts) == [None] * len(inserts)


async def test_a_stale_change_is_refused(quiet: Aggregates, kafka: FakeKafka) -> None:
    document = new_document()
    await quiet.insert(document, [created(document)], CAUSE)
    read = await quiet.get(document["_id"])
    assert read is not None
    await quiet.change(read, {"$set": {"by": "first"}}, [], CAUSE)

    with pytest.raises(StaleError):
        await quiet.change(read, {"$set": {"by": "second"}}, [ended(document)], CAUSE)
    now = await stored(quiet, document)
    assert now["by"] == "first"
    assert [record.topic for record in outbox(now)] == ["session.created"]
    assert len(kafka.sent) == 1


async def test_of_concurrent_changes_one_wins(quiet: Aggregates, kafka: FakeKafka) -> None:
    document = new_document()
    await quiet.insert(document, [], CAUSE)
    read = await quiet.get(document["_id"])
    assert read is not None
    changes = (quiet.change(read, {"$set": {"by": n}}, [ended(document)], CAUSE) for n in range(8))
    outcomes = await asyncio.gather(*changes, return_exceptions=True)

    assert [outcome for outcome in outcomes if not isinstance(outcome, StaleError)] == [None]
    assert (await stored(quiet, document))["by"] == outcomes.index(None)
    assert len(kafka.sent) == 1


async def test_of_changes_that_come_at_once_each_is_told_its_own_outcome(
    quiet: Aggregates, kafka: FakeKafka
) -> None:
    documents = [new_document() for _ in range(20)]
    for document in documents:
        await quiet.insert(document, [], CAUSE)
    read = [await quiet.get(document["_id"]) for document in documents]
    stale = documents[3::4]
    for document in stale:
        await quiet.collection.update_one({"_id": document["_id"]}, {"$inc": {"version": 1}})
    changes = (quiet.change(each, {"$set": {"by": "us"}}, [ended(each)], CAUSE) for each in read if each)

    outcomes = await asyncio.gather(*changes, return_exceptions=True)
    assert [isinstance(each, StaleError) for each in outcomes] == [each in stale for each in documents]
    assert outcomes.count(None) == 15
    assert len(kafka.sent) == 15
    assert all([("by" in await stored(quiet, each)) != (each in stale) for each in documents])


async def test_of_changes_that_come_at_once_each_sets_and_removes_its_own_fields(quiet: Aggregates) -> None:
    documents = [new_document(a=0, b=0), new_document(a=0, b=0), new_document(a=0, b=0), new_document()]
    for document in documents:
        await quiet.insert(document, [], CAUSE)
    read = [await quiet.get(document["_id"]) for document in documents]
    updates: list[dict[str, Document]] = [
        {"$set": {"a": 1}, "$unset": {"b": ""}},
        {"$set": {"b": 2}, "$unset": {"a": ""}},
        {"$set": {"c": {"$a": "$b"}}},  # a value that looks like an expression
        {"$unset": {"a": ""}},
    ]
    changes = (
        quiet.change(each, update, [ended(each)], CAUSE)
        for each, update in zip(read, updates, strict=True)
        if each
    )
    await asyncio.gather(*changes)

    now = [await stored(quiet, document) for document in documents]
    fields = [{name: each[name] for name in ("a", "b", "c") if name in each} for each in now]
    assert fields == [{"a": 1}, {"b": 2}, {"a": 0, "b": 0, "c": {"$a": "$b"}}, {}]


async def test_events_are_kept_for_a_broker_that_forgets_and_sent_again_at_the_next_start(
    database: Database,
) -> None:
    settings = EAGER.model_copy(update={"outbox_keep_seconds": 600.0})
    before, after = FakeKafka(), FakeKafka()
    first = Aggregates(database["documents"], before, settings)
    await first.start()
    document = new_document()
    await first.insert(document, [created(document)], CAUSE)
    await eventually(lambda: overdue(first, document))
    await first.stop()
    assert len(before.sent) == 1  # its own relay knows that the broker has it

    second = Aggregates(database["documents"], after, settings)
    await second.start()
    await eventually(lambda: after.sent == before.sent)
    await second.stop()


async def test_acknowledged_events_are_taken_out(aggregates: Aggregates, kafka: FakeKafka) -> None:
    documents = [new_document() for _ in range(60)]  # more than one page
    for document in documents:
        await aggregates.insert(document, [created(document)], CAUSE)
    for document in documents:
        await eventually(partial(settled, aggregates, document))

    assert len(kafka.sent) == len({record.id for record in kafka.sent}) == 60


async def test_what_the_broker_did_not_take_stays_and_is_relayed(
    database: Database, kafka: FakeKafka
) -> None:
    aggregates = Aggregates(database["documents"], kafka, EAGER)
    await aggregates.start()
    kafka.reachable = False
    document = new_document()
    await aggregates.insert(document, [created(document)], CAUSE)
    read = await aggregates.get(document["_id"])
    assert read is not None
    await aggregates.change(read, {}, [ended(document)], CAUSE)
    left = outbox(await stored(aggregates, document))
    assert [record.topic for record in left] == ["session.created", "session.ended"]
    assert kafka.sent == []

    kafka.reachable = True
    await eventually(lambda: settled(aggregates, document))
    await aggregates.stop()
    assert kafka.sent == left  # in order, with the ids and bytes they had


async def test_what_a_crash_left_behind_is_relayed(quiet: Aggregates, database: Database) -> None:
    dead, alive = FakeKafka(), FakeKafka()
    dead.reachable = False
    document = new_document()
    await Aggregates(database["documents"], dead, EAGER).insert(document, [created(document)], CAUSE)

    successor = Aggregates(database["documents"], alive, EAGER)
    await successor.start()
    await eventually(lambda: settled(quiet, document))
    await successor.stop()
    assert [record.topic for record in alive.sent] == ["session.created"]


async def test_what_was_stored_without_an_answer_is_relayed(
    database: Database, kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    aggregates = Aggregates(database["documents"], kafka, EAGER)
    monkeypatch.setattr(outbox_module, "SUSPECT_SECONDS", 0.0)
    await aggregates.start()
    await asyncio.sleep(0.1)  # it has looked for what a crash may have left
    monkeypatch.undo()
    insert = aggregates._insert_all  # noqa: SLF001

    async def insert_unheard(documents: Sequence[Document]) -> list[bool]:
        await insert(documents)
        raise StoreUnavailableError("no answer")

    monkeypatch.setattr(aggregates, "_insert", Grouped(insert_unheard))
    document = new_document()
    with pytest.raises(StoreUnavailableError):
        await aggregates.insert(document, [created(document)], CAUSE)
    await eventually(lambda: len(kafka.sent) == 1)
    await aggregates.stop()


async def test_clearing_waits_while_events_come_but_not_for_ever(
    database: Database, kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule_module, "LINGER_SECONDS", 0.0)
    monkeypatch.setattr(schedule_module, "QUIET_SECONDS", 600.0)  # as if an event had just come, always
    aggregates = Aggregates(database["documents"], kafka, ServiceSettings(relay_after_seconds=600))
    await aggregates.start()
    first, second = new_document(), new_document()
    await aggregates.insert(first, [created(first)], CAUSE)
    await asyncio.sleep(3 * schedule_module.PAUSE_SECONDS)
    assert not await settled(aggregates, first)
    with monkeypatch.context() as late:
        late.setattr(schedule_module, "MOST_LATE_SECONDS", 0.0)
        await eventually(partial(settled, aggregates, first))

    await aggregates.insert(second, [created(second)], CAUSE)
    await asyncio.sleep(3 * schedule_module.PAUSE_SECONDS)
    assert not await settled(aggregates, second)
    monkeypatch.setattr(schedule_module, "QUIET_SECONDS", 0.0)
    await eventually(partial(settled, aggregates, second))
    await aggregates.stop()


async def test_the_relay_leaves_alone_what_was_just_sent(database: Database, kafka: FakeKafka) -> None:
    patient = Aggregates(database["documents"], kafka, ServiceSettings(relay_after_seconds=60))
    document = new_document()
    await patient.insert(document, [created(document)], CAUSE)
    await patient.outbox.send_unsent()

    assert len(kafka.sent) == 1


async def test_what_was_acknowledged_is_not_relayed(database: Database, kafka: FakeKafka) -> None:
    aggregates = Aggregates(database["documents"], kafka, EAGER)  # not started: nothing clears
    document = new_document()
    await aggregates.insert(document, [created(document)], CAUSE)
    await eventually(lambda: overdue(aggregates, document))
    await aggregates.outbox.send_unsent()

    assert len(kafka.sent) == 1


async def test_what_waits_to_be_cleared_is_not_looked_through(
    database: Database, kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    aggregates = Aggregates(database["documents"], kafka, EAGER)  # not started: nothing clears
    document = new_document()
    await aggregates.insert(document, [created(document)], CAUSE)
    await eventually(lambda: overdue(aggregates, document))
    aggregates.outbox.clearing.event_ids.clear()  # as of events that another process has sent
    await aggregates.outbox.send_unsent()
    assert len(kafka.sent) == 1

    monkeypatch.setattr(schedule_module, "MOST_LATE_SECONDS", 0.0)
    monkeypatch.setattr(schedule_module, "LINGER_SECONDS", 0.0)
    aggregates.outbox.clearing.sent.clear()
    await aggregates.outbox.send_unsent()
    assert len(kafka.sent) == 2


async def overdue(aggregates: Aggregates, document: Document) -> bool:
    unsent_since: datetime = (await stored(aggregates, document))["unsent_since"]
    return datetime.now(UTC) - unsent_since > timedelta(milliseconds=10)


async def test_a_service_that_stops_clears_what_was_acknowledged(quiet: Aggregates) -> None:
    await quiet.start()
    document = new_document()
    await quiet.insert(document, [created(document)], CAUSE)
    await quiet.stop()

    assert await settled(quiet, document)


async def test_a_store_that_is_not_there_is_said_to_be_unavailable() -> None:
    (port,) = free_ports(1)
    uri = SecretStr(f"mongodb://127.0.0.1:{port}")
    settings = MongoSettings(mongodb_uri=uri, mongodb_timeout_ms=200)

    with pytest.raises(StoreUnavailableError):
        async with open_database(settings, "nowhere"):
            pass
