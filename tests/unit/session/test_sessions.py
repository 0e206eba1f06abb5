"""Sessions: opened, ended, looked up."""

from urllib.parse import quote

import pytest

from backchat_contracts import (
    SessionCreated,
    SessionEnded,
    SessionEndRequested,
    SessionPage,
    SessionQueried,
    SessionView,
)
from services.chassis.errors import StaleError
from services.chassis.paging import BadCursorError
from services.session.domain.session import Context
from services.session.errors import SessionNotFoundError
from tests.builders import NOW, delivery, figures, new_id, session_requested
from tests.unit.session.service import Service

pytestmark = pytest.mark.anyio


async def page(service: Service, **given: object) -> SessionPage:
    came = delivery()
    await service.sessions.query(SessionQueried.model_validate(given), came)
    (answer,) = service.answers_to(came)
    assert isinstance(answer, SessionPage)
    return answer


async def test_a_session_is_stored_published_and_replied_to() -> None:
    service, request, came = Service(), session_requested(user_id="kim"), delivery()
    await service.sessions.create(request, came)

    created = SessionCreated(session_id=request.session_id, user_id="kim", created_at=NOW)
    assert service.answers_to(came) == [created]
    assert [record.value for record in service.store.memory.sent] == [created.model_dump_json().encode()]
    stored = service.session(request.session_id)
    assert (stored.user_id, stored.is_active, stored.history, stored.context) == ("kim", True, (), Context())


async def test_a_request_that_comes_twice_opens_one_session_and_is_answered_twice() -> None:
    service, request = Service(), session_requested()
    first, second = delivery(), delivery()
    await service.sessions.create(request, first)
    service.clock.advance(hours=1)
    await service.sessions.create(request, second)

    assert service.published() == ["session.created"]
    assert [type(a) for a in service.answers_to(first)] == [SessionCreated]
    assert [type(a) for a in service.answers_to(second)] == [SessionCreated]
    assert service.session(request.session_id).created_at == NOW


async def test_a_second_request_does_not_delete_the_history() -> None:
    service, request = Service(), session_requested()
    await service.sessions.create(request, delivery())
    await service.converse(request.session_id, "which is steadier?", figures())
    await service.sessions.create(request, delivery())

    assert len(service.session(request.session_id).history) == 2


async def test_an_ended_session_is_published_and_its_history_stays() -> None:
    service = Service()
    session_id = await service.open()
    await service.converse(session_id, "which is steadier?", figures())
    later = service.clock.advance(minutes=5)
    came = delivery()
    await service.sessions.end(SessionEndRequested(session_id=session_id), came)

    assert service.answers_to(came) == [SessionEnded(session_id=session_id, ended_at=later)]
    assert service.published()[-1] == "session.ended"
    assert not service.session(session_id).is_active
    assert len(service.session(session_id).history) == 2


async def test_a_session_ends_once() -> None:
    service = Service()
    session_id = await service.open()
    for came in (delivery(), delivery()):
        await service.sessions.end(SessionEndRequested(session_id=session_id), came)
        assert [type(answer) for answer in service.answers_to(came)] == [SessionEnded]

    assert service.published().count("session.ended") == 1


async def test_an_end_that_came_in_between_two_writes_is_tried_again() -> None:
    service = Service()
    session_id = await service.open()
    service.store.memory.interfere()

    with pytest.raises(StaleError):
        await service.sessions.end(SessionEndRequested(session_id=session_id), delivery())


async def test_a_session_that_is_not_there_cannot_be_ended() -> None:
    with pytest.raises(SessionNotFoundError):
        await Service().sessions.end(SessionEndRequested(session_id=new_id("unknown")), delivery())


async def test_a_session_that_is_not_there_cannot_be_shown() -> None:
    with pytest.raises(SessionNotFoundError):
        await Service().sessions.query(SessionQueried(session_id=new_id("unknown")), delivery())


async def test_a_session_is_shown_with_all_that_was_said() -> None:
    service, came = Service(), delivery()
    session_id = await service.open()
    await service.converse(
        session_id, "어떤 전략이 더 안정적인가요?", figures("모멘텀"), summary="모멘텀입니다."
    )
    await service.sessions.query(SessionQueried(session_id=session_id), came)

    (view,) = service.answers_to(came)
    assert isinstance(view, SessionView)
    shown = [(entry.role, entry.content, entry.provider) for entry in view.conversation_history]
    assert shown == [
        ("user", "어떤 전략이 더 안정적인가요?", None),
        ("assistant", "모멘텀입니다.", "computed"),
    ]
    assert view.context == {
        "strategy_ids": ("모멘텀",),
        "focus": "모멘텀",
        "proposals": (),
        "started": (),
    }
    keys = [entry.keys() for entry in view.model_dump()["conversation_history"]]
    assert keys[0] == {"turn_id", "role", "content", "timestamp", "language"}
    assert keys[1] == keys[0] | {"provider", "language", "strategy_ids", "tools"}


async def test_pages_show_a_users_active_sessions_the_newest_first() -> None:
    service = Service()
    ids = []
    for user in ("kim", "kim", "lee", "kim", "kim"):
        request = session_requested(user_id=user)
        await service.sessions.create(request, delivery())
        service.clock.advance(seconds=1)
        if user == "kim":
            ids.append(request.session_id)
    await service.sessions.end(SessionEndRequested(session_id=ids[1]), delivery())
    service.clock.advance(seconds=1)
    first = await page(service, user_id="kim", limit=2)
    assert [session.session_id for session in first.data] == [ids[3], ids[2]]
    assert first.has_more
    await service.say(ids[0], "which is steadier?")  # used between two pages
    second = await page(service, user_id="kim", limit=2, cursor=first.next)
    assert [session.session_id for session in second.data] == [ids[0]]
    assert (second.has_more, second.next) == (False, None)


async def test_sessions_of_the_same_moment_are_all_shown() -> None:
    service = Service()
    ids = {await service.open() for _ in range(5)}

    shown, cursor = [], None
    for _ in range(3):
        part = await page(service, user_id="kim", limit=2, cursor=cursor)
        shown += [session.session_id for session in part.data]
        cursor = part.next
    assert sorted(shown) == sorted(ids)


async def test_a_cursor_can_be_put_into_an_address_as_it_is() -> None:
    service = Service()
    for _ in range(2):
        await service.open()
    cursor = (await page(service, user_id="kim", limit=1)).next

    assert cursor is not None
    assert quote(cursor, safe=":") == cursor  # a "+" would arrive as a blank


async def test_a_page_without_a_user_is_the_systems() -> None:
    service = Service()
    await service.sessions.create(session_requested(user_id="kim"), delivery())
    own = session_requested(user_id="system")
    await service.sessions.create(own, delivery())

    assert [session.session_id for session in (await page(service)).data] == [own.session_id]


async def test_a_user_without_sessions_gets_an_empty_page() -> None:
    assert await page(Service(), user_id="unknown") == SessionPage(data=(), has_more=False, next=None)


@pytest.mark.parametrize("cursor", ["first", "2026-13-01", "~", "12345678901234567890"])
async def test_a_cursor_that_no_page_gave_out_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursorError):
        await Service().sessions.query(SessionQueried(cursor=cursor), delivery())


async def test_a_session_is_shown_from_a_turn_on() -> None:
    service = Service()
    session_id = await service.open()
    turns = []
    for summary in ("first", "second"):
        turns.append((await service.say(session_id, "which is steadier?")).turn_id)
        await service.bring(figures(), summary=summary)
    running = await service.say(session_id, "and now?")

    async def shown(after: str | None) -> SessionView:
        came = delivery()
        await service.sessions.query(SessionQueried(session_id=session_id, after=after), came)
        (view,) = service.answers_to(came)
        assert isinstance(view, SessionView)
        return view

    assert [each.content for each in (await shown(turns[0])).conversation_history] == [
        "which is steadier?",
        "second",
        "and now?",
    ]
    assert (await shown("unknown")).conversation_history == ()
    assert ((await shown(None)).running, (await shown(None)).waiting) == (running.turn_id, ())
