"""Messages and comparisons that come twice, belong to no turn, or meet another change."""

from collections.abc import AsyncGenerator, Sequence

import pytest

from backchat_contracts import ChatCancelRequested, ChatFailed
from services.chassis.errors import RequestMismatchError, StaleError
from services.language_model.drafting import Drafted
from services.session.domain.history import Message
from services.session.domain.session import MOST_WAITING
from services.session.domain.turn import MOST_LISTENERS, Turn
from services.session.errors import TurnInProgressError
from tests.builders import (
    chat_requested,
    delivery,
    figures,
    session_requested,
)
from tests.fakes import FakeWriter
from tests.unit.session.service import Service

pytestmark = pytest.mark.anyio

ASKED = "Which strategy is steadier?"


@pytest.mark.parametrize("waits", [False, True])
async def test_a_second_delivery_of_a_turn_that_has_no_answer_yet_does_nothing(*, waits: bool) -> None:
    service = Service()
    session_id = await service.open()
    if waits:
        await service.say(session_id, ASKED)
    request, came, again = chat_requested(session_id, "and its drawdown?"), delivery(), delivery()
    for each in (came, again):  # the client has sent it again with the same key
        await service.chat.take_turn(request, each)
    before = service.session(session_id), service.published()
    for each in (came, again):
        await service.chat.take_turn(request, each)

    assert service.answers_to(came) == []
    assert (service.session(session_id), service.published()) == before


@pytest.mark.parametrize("waits", [False, True])
async def test_a_message_that_is_sent_again_while_it_is_answered_gets_the_answer_too(*, waits: bool) -> None:
    service = Service()
    session_id = await service.open()
    if waits:
        await service.say(session_id, ASKED)
    request, first, second = chat_requested(session_id, "and its drawdown?"), delivery(), delivery()
    for each in (first, second):
        await service.chat.take_turn(request, each)
    for _ in range(1 + waits):
        await service.bring(figures("Calm"))

    (answer,) = service.answers_to(first)
    assert service.answers_to(second) == [answer]


async def test_of_those_that_send_a_message_again_and_again_the_last_ones_get_the_answer() -> None:
    service = Service()
    session_id = await service.open()
    request = await service.say(session_id, ASKED)
    came = [delivery() for _ in range(MOST_LISTENERS + 1)]
    for each in came:
        await service.chat.take_turn(request, each)
    await service.bring(figures("Calm"))

    assert [len(service.answers_to(each)) for each in came] == [0] + MOST_LISTENERS * [1]


@pytest.mark.parametrize("waits", [False, True])
async def test_a_cancellation_is_told_to_all_that_have_sent_the_message(*, waits: bool) -> None:
    service = Service()
    session_id = await service.open()
    if waits:
        await service.say(session_id, ASKED)
    request, came = chat_requested(session_id, "and its drawdown?"), [delivery(), delivery()]
    for each in came:
        await service.chat.take_turn(request, each)
    await service.chat.cancel(ChatCancelRequested(session_id=session_id, turn_id=request.turn_id), delivery())

    codes = [[each.code for each in service.answers_to(one) if isinstance(each, ChatFailed)] for one in came]
    assert codes == [["turn-cancelled"], ["turn-cancelled"]]


@pytest.mark.parametrize("other", [{"message": "hello?"}, {"language": "ko"}])
async def test_a_turns_id_that_comes_with_something_else_is_refused(other: dict[str, str]) -> None:
    service = Service()
    session_id = await service.open()
    request = await service.say(session_id, ASKED)
    await service.bring(figures())
    with pytest.raises(RequestMismatchError):
        await service.chat.take_turn(request.model_copy(update=other), delivery())


async def test_a_session_that_is_another_users_is_not_created_again() -> None:
    service = Service()
    request = session_requested(user_id="kim")
    for _ in range(2):
        await service.sessions.create(request, delivery())
    with pytest.raises(RequestMismatchError):
        await service.sessions.create(request.model_copy(update={"user_id": "lee"}), delivery())
    assert service.published() == ["session.created"]


async def test_a_second_delivery_of_an_answered_turn_gets_the_same_answer() -> None:
    service = Service()
    session_id = await service.open()
    await service.converse(session_id, ASKED, figures("Calm"), figures("Wild"))
    request, first, second = chat_requested(session_id, "and its drawdown?"), delivery(), delivery()
    await service.chat.take_turn(request, first)
    await service.bring(figures("Calm"))
    before = service.published()
    service.clock.advance(minutes=1)
    await service.chat.take_turn(request, second)

    assert service.answers_to(second) == service.answers_to(first)
    assert service.published() == before


async def test_a_failed_turn_that_is_requested_again_gets_the_same_failure() -> None:
    service = Service()
    session_id = await service.open()
    request = await service.say(session_id, ASKED)
    await service.work(session_id)  # no data came in time
    before = service.published()
    again, later = delivery(), delivery()
    await service.chat.take_turn(request, again)
    await service.say(session_id, "and now?")
    await service.chat.take_turn(request, later)

    for came in (again, later):
        (failed,) = service.answers_to(came)
        assert isinstance(failed, ChatFailed)
        assert (failed.turn_id, failed.code) == (request.turn_id, "no-data")
    assert service.published() == before


async def test_a_refused_turn_that_is_delivered_again_is_refused_again() -> None:
    service = Service()
    session_id = await service.open()
    for _ in range(1 + MOST_WAITING):
        await service.say(session_id, ASKED)
    refused, came = chat_requested(session_id, "and its drawdown?"), delivery()
    with pytest.raises(TurnInProgressError):
        await service.chat.take_turn(refused, came)
    await service.bring(figures("Calm"))

    with pytest.raises(TurnInProgressError):
        await service.chat.take_turn(refused, came)
    assert len(service.session(session_id).waiting) == MOST_WAITING - 1
    await service.chat.take_turn(refused, delivery())  # sent again by its speaker, with the same key
    assert len(service.session(session_id).waiting) == MOST_WAITING


async def test_a_waiting_turn_that_is_delivered_again_is_answered_once() -> None:
    service = Service()
    session_id = await service.open()
    await service.say(session_id, ASKED)
    request, came = chat_requested(session_id, "and its drawdown?"), delivery()
    for _ in range(2):
        await service.chat.take_turn(request, came)
    assert len(service.session(session_id).waiting) == 1
    with pytest.raises(RequestMismatchError):
        await service.chat.take_turn(request.model_copy(update={"message": "another"}), delivery())


async def test_a_turn_that_meets_another_change_is_tried_again() -> None:
    service = Service()
    session_id = await service.open()
    service.store.memory.interfere()

    with pytest.raises(StaleError):
        await service.say(session_id, ASKED)
    assert service.session(session_id).history == ()


async def test_an_answer_that_meets_another_change_is_tried_again() -> None:
    service = Service()
    session_id = await service.open()
    await service.say(session_id, ASKED)
    service.give(figures())
    end = await service.turns.run(service.held[session_id])
    service.store.memory.interfere()
    with pytest.raises(StaleError):
        await end()
    assert "chat.answered" not in service.published()

    service.held.clear()
    await service.bring(figures())
    assert service.published()[-1] == "chat.answered"
    first, second = service.tools.calls
    assert first == second  # the same request, to which its service gives the same answer


async def test_what_was_done_before_a_process_ended_is_not_done_again() -> None:
    service = Service(Ending())
    session_id = await service.open()
    await service.say(session_id, ASKED)
    service.give(figures("Calm"), summary="Computed words.")
    with pytest.raises(RuntimeError):
        await service.work(session_id)
    await service.work(session_id)

    assert len(service.tools.calls) == 1
    assert service.session(session_id).history[-1].content == "Calm is it."


class Ending(FakeWriter):
    """The process ends while it writes for the first time."""

    def __init__(self) -> None:
        super().__init__("Calm is it.")

    async def write(
        self, history: Sequence[Message], turn: Turn, tools: Sequence[str], began: float
    ) -> AsyncGenerator[Drafted, None]:
        if not self.asked:
            self.asked.append((history, turn))
            raise RuntimeError("the process ends")
        async for piece in super().write(history, turn, tools, began):
            yield piece
