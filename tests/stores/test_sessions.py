"""Sessions, in memory and in MongoDB."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from backchat_contracts import ChatFailed, Event, SessionCreated, SessionEnded
from services.chassis.errors import ExistsError, StaleError
from services.chassis.jobs.queue import Queue
from services.chassis.paging import cursor_of
from services.chassis.process.service import now
from services.chassis.settings import ServiceSettings
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database
from services.chassis.stored import Stored
from services.session.domain.budgets import Used
from services.session.domain.history import Message, ToolUse, Unanswered
from services.session.domain.model_use import ModelUse
from services.session.domain.proposals import Proposal, Started
from services.session.domain.session import Context, Fork, NewTurn, Session
from services.session.domain.tools import compare_call
from services.session.domain.turn import Listener, Outcome, Turn
from services.session.mongo import MongoSessions, MongoUses, read_session
from services.session.mongo.migrations import add_titles, add_uses
from services.session.ports import SessionStore
from tests.builders import comparison_viewed, delivery, figures, gap, new_id
from tests.fakes import FakeKafka, FakeQueue, FakeSessions, FakeUses
from tests.stores.under_test import Kind, StoreUnderTest

pytestmark = pytest.mark.anyio

NOW = now()  # the database deletes sessions that were last used more than a day ago
LATER = NOW + timedelta(seconds=1)


@pytest.fixture
async def under_test(kind: Kind, aggregates: Aggregates, kafka: FakeKafka) -> StoreUnderTest[SessionStore]:
    if kind == "memory":
        fake = FakeSessions()
        return StoreUnderTest(fake, FakeQueue(fake.memory, fake.read), fake.memory.sent)
    sessions = MongoSessions(aggregates)
    await sessions.start()
    return StoreUnderTest(sessions, Queue(aggregates, read_session), kafka.sent)


def new_session(user_id: str = "kim", moment: datetime = NOW) -> Session:
    return Session(new_id("session"), user_id, created_at=moment, updated_at=moment, auto_run=True)


def created(session: Session) -> list[Event]:
    return [SessionCreated(session_id=session.session_id, user_id=session.user_id, created_at=NOW)]


def new_turn() -> Turn:
    turn_id = new_id("turn")
    return Turn(turn_id, "그 전략은?", "ko", stream=True)


def new(turn: Turn) -> NewTurn:
    return NewTurn(turn, LATER)


def failed(session: Session) -> Session:
    return session.failed("no-data")


def answered(answer: Message, context: Context) -> Callable[[Session], Session]:
    return lambda session: session.answered(answer, context)


def said_in(turn: Turn) -> Message:
    return Message(turn.turn_id, "user", turn.message, LATER, language="ko")


async def added(under_test: StoreUnderTest[SessionStore], session: Session | None = None) -> Stored[Session]:
    session = session or new_session()
    await under_test.store.add(session, created(session), delivery())
    return await read(under_test, session.session_id)


async def read(under_test: StoreUnderTest[SessionStore], session_id: str) -> Stored[Session]:
    stored = await under_test.store.get(session_id)
    assert stored is not None
    return stored


async def in_a_turn(under_test: StoreUnderTest[SessionStore]) -> tuple[Stored[Session], Turn]:
    stored, turn = await added(under_test), new_turn()
    await under_test.store.begin_turn(stored, new(turn), delivery(), None)
    return await read(under_test, stored.id), turn


async def test_a_session_comes_back_as_it_was_stored(under_test: StoreUnderTest[SessionStore]) -> None:
    session = new_session()
    stored = await added(under_test, session)

    assert stored.state == session
    assert (stored.sequence, stored.reply_address) == (1, None)
    assert under_test.topics() == ["session.created"]


async def test_a_fork_comes_back_as_it_was_stored(under_test: StoreUnderTest[SessionStore]) -> None:
    answer = Message("t-1", "assistant", "hi", NOW, focus="calm", replaces="t-0")
    fork = replace(
        new_session(),
        history=(said_in(new_turn()), answer),
        context=Context(("calm",), "calm"),
        title="다른 길",
        forked_from=Fork("s-0", "t-2", "다른 길"),
    )
    tools = (ToolUse("c-1", "compare", 0.2), ToolUse("c-2", "start_backtest", 0.0, "no-data"))
    fork = replace(fork, unanswered=(Unanswered("t-1", "turn-cancelled", tools, "t-0"),))
    assert (await added(under_test, fork)).state == fork


async def test_a_session_has_the_title_of_its_first_message_or_the_one_it_was_given(
    under_test: StoreUnderTest[SessionStore],
) -> None:
    stored, turn = await in_a_turn(under_test)
    assert stored.state.title == turn.message
    await under_test.store.add_waiting(stored, NewTurn(replace(turn, message="second"), LATER), delivery())
    stored = await read(under_test, stored.id)
    await under_test.store.rename(stored, "mine", [], delivery())
    await under_test.store.end_turn(stored, failed, [EVENT], None)  # as it was before

    now = (await read(under_test, stored.id)).state
    assert (now.title, now.history[-1].content) == ("mine", "second")
    (shown,) = await under_test.store.page("kim", 1, None)
    assert shown.title == "mine"


async def test_what_the_conversation_was_about_before_its_last_message_is_kept(
    under_test: StoreUnderTest[SessionStore],
) -> None:
    stored, turn = await in_a_turn(under_test)
    first = Context(("calm",), "calm", (Proposal({"name": "Calm", "symbols": ["IBM"]}, "b-1"),))
    await under_test.store.end_turn(stored, answered(said_in(turn), first), [EVENT], None)
    assert (await read(under_test, stored.id)).state.before == Context()
    for replaces, kept in ((None, first), (turn.turn_id, first)):
        again = replace(new_turn(), replaces=replaces)
        await under_test.store.begin_turn(await read(under_test, stored.id), new(again), delivery(), None)
        begun = await read(under_test, stored.id)
        assert begun.state.turn == again
        await under_test.store.end_turn(begun, answered(said_in(again), Context(("x",), "x")), [EVENT], None)
        ended = (await read(under_test, stored.id)).state
        assert (ended.before, ended.last) == (kept, again)
    told = Turn("end of b-1", "", "en", backtest_id="b-1")
    await under_test.store.begin_turn(await read(under_test, stored.id), new(told), delivery(), None)
    await under_test.store.end_turn(await read(under_test, stored.id), failed, [EVENT], None)
    unchanged = (await read(under_test, stored.id)).state
    assert (unchanged.before, unchanged.last) == (ended.before, ended.last)


async def test_there_is_one_session_of_an_id(under_test: StoreUnderTest[SessionStore]) -> None:
    session = new_session()
    await added(under_test, session)
    other = replace(session, user_id="lee")

    with pytest.raises(ExistsError):
        await under_test.store.add(other, created(other), delivery())
    assert (await read(under_test, session.session_id)).state.user_id == "kim"
    assert under_test.topics() == ["session.created"]


async def test_a_session_that_is_not_there_is_none(under_test: StoreUnderTest[SessionStore]) -> None:
    assert await under_test.store.get(new_id("unknown")) is None


async def test_a_turn_is_kept_with_what_was_said_and_where_its_answer_goes(
    under_test: StoreUnderTest[SessionStore],
) -> None:
    stored, turn, came = await added(under_test), new_turn(), delivery()
    await under_test.store.begin_turn(stored, new(turn), came, None)

    now = await read(under_test, stored.id)
    assert (now.state.turn, now.state.history, now.state.updated_at) == (turn, (said_in(turn),), LATER)
    assert (now.origin, now.reply_address) == (came.origin, came.reply_address)
    assert now.version == stored.version + 1


async def test_a_turn_is_due_when_its_message_has_come(under_test: StoreUnderTest[SessionStore]) -> None:
    stored, _ = await in_a_turn(under_test)
    session_id = stored.id

    assert await under_test.due(LATER - timedelta(milliseconds=1)) == []
    assert await under_test.due(LATER) == [session_id]
    claim = await under_test.queue.claim(session_id, LATER, LATER + timedelta(seconds=30))
    assert claim is not None
    assert (claim.fence, claim.attempt) == (2, 1)


async def test_a_turn_may_be_held_from_its_beginning(under_test: StoreUnderTest[SessionStore]) -> None:
    stored, turn, came = await added(under_test), new_turn(), delivery()
    until = LATER + timedelta(seconds=30)
    claim = await under_test.store.begin_turn(stored, new(turn), came, until)

    assert claim is not None
    assert (claim.job, claim.fence, claim.attempt) == (await read(under_test, stored.id), 1, 1)
    assert await under_test.due(until - timedelta(milliseconds=1)) == []
    await under_test.queue.renew(claim, until + timedelta(seconds=30))
    assert await under_test.due(until) == []
    await under_test.store.end_turn(claim.job, failed, [], None)


async def test_attempts_are_counted_from_one_for_each_turn(under_test: StoreUnderTest[SessionStore]) -> None:
    stored, _ = await in_a_turn(under_test)
    session_id = stored.id
    for _ in range(2):
        assert await under_test.queue.claim(session_id, LATER, LATER)
    await under_test.store.end_turn(await read(under_test, session_id), failed, [], None)
    turn = new_turn()
    before = await read(under_test, session_id)
    await under_test.store.begin_turn(before, new(turn), delivery(), None)

    claim = await under_test.queue.claim(session_id, LATER, LATER)
    assert claim is not None
    assert (claim.fence, claim.attempt) == (5, 1)


async def test_the_steps_of_a_turn_are_kept(under_test: StoreUnderTest[SessionStore]) -> None:
    stored, turn = await in_a_turn(under_test)
    calls = [compare_call(f"call-{number}", "그 전략은?", ("calm",)) for number in range(3)]
    data = comparison_viewed(figures("황금", sharpe_ratio=None), gap())
    refused = Outcome(0.5, code="too-many", detail="late")
    done = turn.calling(calls).with_outcomes({"call-0": Outcome(0.25, data), "call-1": refused})
    saved = await under_test.store.save_turn(stored, done)

    now = await read(under_test, stored.id)
    assert now.state.turn == done
    assert (now.origin, now.reply_address) == (stored.origin, stored.reply_address)
    assert (saved.version, saved.sequence, saved.state.turn) == (now.version, now.sequence, done)
    assert [call.id for call in done.pending] == ["call-2"]


async def test_an_answer_ends_the_turn(under_test: StoreUnderTest[SessionStore]) -> None:
    stored, turn = await in_a_turn(under_test)
    moment = LATER + timedelta(seconds=1)
    tools = (ToolUse("call-0", "compare", 0.25),)
    answer = Message(turn.turn_id, "assistant", "이렇습니다.", moment, "computed", tools=tools)
    proposal = Proposal({"name": "Calm", "symbols": ["IBM"]}, "b-1")
    begun = Started("b-2", "Wild", "ko", "b-0", ended=True)
    context = Context(("calm", "wild"), "calm", (proposal,), (begun,))
    await under_test.store.end_turn(stored, answered(answer, context), [], None)

    now = await read(under_test, stored.id)
    assert now.state.turn is None
    assert now.state.history == (said_in(turn), answer)
    assert (now.state.context, now.state.updated_at) == (context, answer.timestamp)
    assert now.reply_address is None
    assert await under_test.due(LATER + timedelta(days=1)) == []


async def test_a_turn_that_waits_is_dropped_with_its_message_and_why(
    under_test: StoreUnderTest[SessionStore],
) -> None:
    stored, turn = await in_a_turn(under_test)
    kept, gone = replace(new_turn(), message="second"), replace(new_turn(), message="third")
    for each in (kept, gone):
        stored = await read(under_test, stored.id)
        await under_test.store.add_waiting(stored, NewTurn(each, LATER), came := delivery())
    stored = await read(under_test, stored.id)
    address = await under_test.store.drop_waiting(stored, gone.turn_id, "turn-cancelled", [EVENT])

    now = await read(under_test, stored.id)
    assert address == came.reply_address
    assert [each.turn for each in now.state.waiting] == [kept]
    assert now.state.history == (said_in(turn), said_in(gone))
    assert now.state.unanswered == (Unanswered(gone.turn_id, "turn-cancelled"),)
    with pytest.raises(StaleError):
        await under_test.store.drop_waiting(stored, kept.turn_id, "turn-cancelled", [EVENT])


async def test_what_a_session_has_used_is_added_up_without_changing_what_is_under_way(
    under_test: StoreUnderTest[SessionStore],
) -> None:
    stored, _ = await in_a_turn(under_test)
    for used in (Used(1, 900, 0.5), Used(2, 100, 0.25)):
        await under_test.store.add_use(stored.id, used)
    await under_test.store.end_turn(stored, failed, [EVENT], None)
    assert (await read(under_test, stored.id)).state.used == Used(3, 1_000, 0.75)


async def test_a_turn_may_end_without_an_answer(under_test: StoreUnderTest[SessionStore]) -> None:
    stored, turn = await in_a_turn(under_test)
    session_id = stored.id
    event = ChatFailed(turn_id=turn.turn_id, session_id=session_id, code="no-data", detail="none")
    await under_test.store.end_turn(stored, failed, [event], None)

    now = await read(under_test, session_id)
    assert (now.state.turn, now.state.history) == (None, (said_in(turn),))
    assert now.state.unanswered == (Unanswered(turn.turn_id, "no-data"),)
    assert under_test.topics() == ["session.created", "chat.failed"]


async def test_turns_wait_for_those_before_them(under_test: StoreUnderTest[SessionStore]) -> None:
    stored, turn = await in_a_turn(under_test)
    said, told, came = new_turn(), Turn("end of b-1", "", "en", backtest_id="b-1"), delivery()
    await under_test.store.add_waiting(stored, new(said), came)
    await under_test.store.add_waiting(await read(under_test, stored.id), new(told), delivery())
    assert (await read(under_test, stored.id)).state.waiting == (new(said), new(told))
    assert await under_test.store.waiting_address(stored.id, said.turn_id) == came.reply_address
    assert await under_test.store.waiting_address(stored.id, turn.turn_id) is None

    until = LATER + timedelta(seconds=30)
    # as it was read before
    claim, _ = await under_test.store.end_turn(stored, failed, [EVENT], until)
    now = await read(under_test, stored.id)
    assert claim is not None
    assert (claim.job, claim.fence, claim.attempt) == (now, stored.fence + 1, 1)
    assert (now.state.turn, now.state.waiting) == (said, (new(told),))
    assert now.state.history == (said_in(turn), said_in(said))
    assert (now.origin, now.reply_address) == (came.origin, came.reply_address)
    assert await under_test.due(LATER) == []

    assert await under_test.store.end_turn(claim.job, failed, [EVENT], None) == (None, ())
    now = await read(under_test, stored.id)
    assert (now.state.turn, now.state.waiting) == (told, ())
    assert now.state.history == (said_in(turn), said_in(said))
    assert await under_test.due(LATER) == [stored.id]
    with pytest.raises(StaleError):  # the end of a turn that has ended is not that of the next one
        await under_test.store.end_turn(claim.job, failed, [EVENT], None)


LISTENER = Listener("gateway.replies", 3, "c-1", stream=True)
OTHER = Listener("gateway.replies", 4, "c-2", stream=False)


async def test_further_requesters_of_a_turn_are_kept_until_its_end(
    under_test: StoreUnderTest[SessionStore],
) -> None:
    stored, turn = await in_a_turn(under_test)
    await under_test.store.add_listener(stored, turn.turn_id, LISTENER)
    with pytest.raises(StaleError):
        await under_test.store.add_listener(stored, turn.turn_id, OTHER)
    done = turn.calling([compare_call("call-1", "?", None)])
    saved = await under_test.store.save_turn(stored, done)  # as it was read before
    await under_test.store.add_listener(await read(under_test, stored.id), turn.turn_id, OTHER)

    assert await under_test.store.listeners(stored.id, turn.turn_id) == (LISTENER, OTHER)
    assert await under_test.store.listeners(stored.id, "t-0") == ()
    assert (await read(under_test, stored.id)).state.turn == replace(done, listeners=(LISTENER, OTHER))
    ended = await under_test.store.end_turn(saved, failed, [EVENT], None)
    assert ended.listeners == (LISTENER, OTHER)
    assert await under_test.store.listeners(stored.id, turn.turn_id) == ()


async def test_further_requesters_of_a_turn_that_waits_are_those_of_it_when_it_is_run(
    under_test: StoreUnderTest[SessionStore],
) -> None:
    stored, turn = await in_a_turn(under_test)
    first, second = new_turn(), new_turn()
    for each in (first, second):
        await under_test.store.add_waiting(await read(under_test, stored.id), new(each), delivery())
    await under_test.store.add_listener(await read(under_test, stored.id), second.turn_id, LISTENER)

    now = (await read(under_test, stored.id)).state
    assert now.waiting == (new(first), new(replace(second, listeners=(LISTENER,))))
    assert await under_test.store.listeners(stored.id, turn.turn_id) == ()
    for _ in range(2):
        await under_test.store.end_turn(await read(under_test, stored.id), failed, [EVENT], None)
    assert await under_test.store.listeners(stored.id, second.turn_id) == (LISTENER,)


async def test_of_the_last_turn_its_calls_are_kept(under_test: StoreUnderTest[SessionStore]) -> None:
    stored, turn = await in_a_turn(under_test)
    calls = [compare_call(f"call-{number}", "그 전략은?", None) for number in range(2)]
    outcomes = {"call-0": Outcome(0.5, comparison_viewed(figures())), "call-1": Outcome(1, code="late")}
    called = turn.calling(calls)
    done = called.with_outcomes(outcomes)
    await under_test.store.save_turn(stored, called)
    known = replace(stored, state=replace(stored.state, turn=done))  # not stored before the answer
    await under_test.store.end_turn(known, answered(said_in(turn), Context()), [EVENT], None)

    assert (await read(under_test, stored.id)).state.last == called.with_outcomes(
        {"call-0": Outcome(0.5), "call-1": outcomes["call-1"]}
    )


async def test_a_turn_goes_on_in_a_session_that_has_changed(
    under_test: StoreUnderTest[SessionStore],
) -> None:
    stored, turn = await in_a_turn(under_test)
    await under_test.store.end(stored, LATER, [], delivery())
    done = turn.calling([compare_call("call-1", "?", None)])
    saved = await under_test.store.save_turn(stored, done)

    assert saved.state.is_active is False
    assert (await read(under_test, stored.id)).state.turn == done


async def test_an_ended_session_stays_readable(under_test: StoreUnderTest[SessionStore]) -> None:
    stored = await added(under_test)
    session_id = stored.id
    ended = SessionEnded(session_id=session_id, ended_at=LATER)
    await under_test.store.end(stored, LATER, [ended], delivery())

    now = (await read(under_test, session_id)).state
    assert (now.is_active, now.updated_at) == (False, LATER)
    assert under_test.sequences() == ["1", "2"]


Change = Callable[[SessionStore, Stored[Session]], Awaitable[object]]
TURN = new_turn()
EVENT = ChatFailed(turn_id="t", session_id="s", code="c", detail="d")
CHANGES: dict[str, Change] = {
    "end": lambda store, read: store.end(read, LATER, [EVENT], delivery()),
    "rename": lambda store, read: store.rename(read, "title", [EVENT], delivery()),
    "begin_turn": lambda store, read: store.begin_turn(read, new(TURN), delivery(), None),
    "add_listener": lambda store, read: store.add_listener(read, read.state.turn.turn_id, LISTENER),
    "save_turn": lambda store, read: store.save_turn(read, TURN),
    "end_turn": lambda store, read: store.end_turn(read, answered(said_in(TURN), Context()), [EVENT], None),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_change_of_what_has_changed_since_is_refused(
    under_test: StoreUnderTest[SessionStore], change: Change
) -> None:
    stale, _ = await in_a_turn(under_test)
    session_id = stale.state.session_id
    assert await under_test.queue.claim(session_id, LATER, LATER)
    before, sent = await read(under_test, session_id), under_test.topics()

    with pytest.raises(StaleError):
        await change(under_test.store, stale)
    assert await read(under_test, session_id) == before
    assert under_test.topics() == sent


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_change_of_what_is_not_there_is_refused(
    under_test: StoreUnderTest[SessionStore], change: Change
) -> None:
    stored, _ = await in_a_turn(under_test)
    gone = replace(stored, id=new_id("session"))

    with pytest.raises(StaleError):
        await change(under_test.store, gone)
    assert await under_test.store.get(gone.id) is None


async def test_a_refusal_is_remembered_without_changing_what_is_under_way(
    under_test: StoreUnderTest[SessionStore],
) -> None:
    stored, _ = await in_a_turn(under_test)
    session_id = stored.id
    await under_test.store.refuse(session_id, "event-1")

    assert (await read(under_test, session_id)).state.refused == ("event-1",)
    await under_test.store.end_turn(stored, failed, [EVENT], None)


async def test_a_page_shows_a_users_active_sessions_the_newest_first(
    under_test: StoreUnderTest[SessionStore],
) -> None:
    times = [NOW + timedelta(seconds=number) for number in range(5)]
    users = ("kim", "kim", "lee", "kim", "kim")
    old, ended, other, newer, newest = [
        await added(under_test, new_session(user, moment)) for user, moment in zip(users, times, strict=True)
    ]
    await under_test.store.end(ended, times[4], [], delivery())
    turn = new_turn()
    await under_test.store.begin_turn(old, new(turn), delivery(), None)  # used last

    shown = await under_test.store.page("kim", 10, None)
    wanted = [stored.id for stored in (newest, newer, old)]
    assert [session.session_id for session in shown] == wanted
    assert [s.session_id for s in await under_test.store.page("kim", 2, None)] == wanted[:2]
    rest = await under_test.store.page("kim", 10, cursor_of(times[3], wanted[1]))
    assert [session.session_id for session in rest] == wanted[2:]
    assert [s.session_id for s in await under_test.store.page("lee", 10, None)] == [other.id]


async def test_the_indexes_are_these_and_no_others(database: Database, aggregates: Aggregates) -> None:
    await MongoSessions(aggregates).start()
    await Queue(aggregates, read_session).start()
    found = await aggregates.collection.index_information()

    keys = {
        tuple(index["key"]): {k: v for k, v in index.items() if k not in {"key", "v"}}
        for index in found.values()
    }
    assert keys == {
        (("_id", 1),): {},
        (("session_id", 1),): {"unique": True},
        (("user_id", 1),): {},
        (("updated_at", 1),): {"expireAfterSeconds": 86_400},
        (("is_active", 1),): {},
        (("user_id", 1), ("is_active", 1), ("listed", 1)): {},
        (("sampled", 1),): {"sparse": True},
        (("unsent_since", 1),): {"sparse": True},
        (("rank", 1),): {"sparse": True},
    }
    assert database.name.startswith("backchat_")


async def test_how_long_sessions_are_kept_can_be_changed(aggregates: Aggregates) -> None:
    for hours in (24, 1, 1, 48):
        await MongoSessions(aggregates, timedelta(hours=hours)).start()
        indexes = await aggregates.collection.index_information()
        assert [each["expireAfterSeconds"] for each in indexes.values() if "expireAfterSeconds" in each] == [
            3600 * hours
        ]


async def test_processes_that_start_at_once_agree_how_long_sessions_are_kept(aggregates: Aggregates) -> None:
    for hours in ((5, 5, 5, 5), (7, 7, 7, 7), (8, 9, 8, 9, 8)):
        stores = [MongoSessions(aggregates, timedelta(hours=each)) for each in hours]
        await asyncio.gather(*(each.start() for each in stores))
        indexes = await aggregates.collection.index_information()
        (kept,) = (each["expireAfterSeconds"] for each in indexes.values() if "expireAfterSeconds" in each)
        assert kept in {3600 * each for each in hours}


async def test_sessions_of_before_get_the_titles_that_they_would_have_got(
    database: Database, kafka: FakeKafka
) -> None:
    aggregates = Aggregates(database["chat_sessions"], kafka, ServiceSettings())
    sessions, session, turn = MongoSessions(aggregates), new_session(), new_turn()
    await sessions.add(session, created(session), delivery())
    stored = await sessions.get(session.session_id)
    assert stored is not None
    await sessions.begin_turn(stored, new(turn), delivery(), None)
    answer = {"turn_id": turn.turn_id, "role": "assistant", "content": "hi", "timestamp": LATER}
    before = {"$unset": {"title": "", "forked_from": ""}, "$push": {"conversation_history": answer}}
    await aggregates.collection.update_one({"_id": session.session_id}, before)
    silent = new_session()
    await sessions.add(silent, created(silent), delivery())
    await aggregates.collection.update_one({"_id": silent.session_id}, {"$unset": {"title": ""}})
    old = await sessions.get(session.session_id)
    assert old is not None
    assert (old.state.title, old.state.last, old.state.before) == (None, None, None)
    assert old.state.history[-1].focus is None

    for _ in range(2):  # it may be made again
        await add_titles(database)
    page = await sessions.page("kim", 10, None)
    assert {each.session_id: each.title for each in page} == {
        session.session_id: turn.message,
        silent.session_id: None,
    }


async def test_of_sessions_of_before_it_is_counted_what_their_answers_took(
    database: Database, kafka: FakeKafka
) -> None:
    aggregates = Aggregates(database["chat_sessions"], kafka, ServiceSettings())
    sessions = MongoSessions(aggregates)
    answer = Message("t-1", "assistant", "hi", NOW, model_use=ModelUse("a", "m", 900, 100, 0.5, 1.0, 2))
    session = replace(new_session(), history=(said_in(new_turn()), answer))
    await sessions.add(session, created(session), delivery())
    await aggregates.collection.update_one({"_id": session.session_id}, {"$unset": {"used": ""}})

    for _ in range(2):  # it may be made again
        await add_uses(database)
    old = await sessions.get(session.session_id)
    assert old is not None
    assert old.state.used == Used(2, 1_000, 0.5)


async def test_of_a_session_of_before_the_last_turn_without_an_answer_is_known(
    database: Database, kafka: FakeKafka
) -> None:
    aggregates = Aggregates(database["chat_sessions"], kafka, ServiceSettings())
    sessions, session, turn = MongoSessions(aggregates), new_session(), new_turn()
    await sessions.add(session, created(session), delivery())
    for end in (failed, answered(replace(said_in(turn), role="assistant"), Context())):
        stored = await sessions.get(session.session_id)
        assert stored is not None
        await sessions.begin_turn(stored, new(turn), delivery(), None)
        stored = await sessions.get(session.session_id)
        assert stored is not None
        await sessions.end_turn(stored, end, [EVENT], None)
        await aggregates.collection.update_one({"_id": session.session_id}, {"$unset": {"unanswered": ""}})
        old = await sessions.get(session.session_id)
        assert old is not None
        assert old.state.unanswered == ((Unanswered(turn.turn_id, None),) if end is failed else ())


async def test_a_document_has_the_fields_that_others_read(aggregates: Aggregates) -> None:
    sessions, session, turn = MongoSessions(aggregates), new_session(), new_turn()
    await sessions.add(session, created(session), delivery())
    stored = await sessions.get(session.session_id)
    assert stored is not None
    await sessions.begin_turn(stored, new(turn), delivery(), None)

    document = await aggregates.collection.find_one({"_id": session.session_id})
    assert document is not None
    assert {
        "session_id",
        "user_id",
        "conversation_history",
        "context",
        "created_at",
        "updated_at",
        "is_active",
    } <= document.keys()
    assert document["context"] == {"strategy_ids": [], "focus": None, "proposals": [], "started": []}
    assert document["conversation_history"][0]["content"] == turn.message


async def test_what_users_take_of_language_models_is_added_up(kind: Kind, database: Database) -> None:
    uses = FakeUses() if kind == "memory" else MongoUses(database["model_use"])
    if isinstance(uses, MongoUses):
        await uses.start()
    today, user_id = NOW.date(), new_id("user")
    await asyncio.gather(*(uses.add(user_id, today, Used(1, 100, 0.25)) for _ in range(4)))
    await uses.add(user_id, today - timedelta(days=1), Used(9, 9, 9.0))

    assert await uses.of(user_id, today) == Used(4, 400, 1.0)
    assert await uses.of(new_id("user"), today) == Used()
