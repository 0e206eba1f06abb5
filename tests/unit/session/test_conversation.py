"""Turns whose answers a language model writes, and turns whose comparison does not come."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from backchat_contracts import (
    ChatAnswered,
    ChatFailed,
    ChatRestarted,
    ChatStreamed,
    ChatToolCompleted,
    ChatToolStarted,
    ComparisonView,
    Contract,
    Event,
)
from services.chassis.errors import StaleError
from services.chassis.stored import Stored
from services.language_model.drafting import Drafted
from services.language_model.errors import LlmError
from services.language_model.pieces import Restarted
from services.session.answering import GIVEN_UP_AFTER, MOST_ATTEMPTS
from services.session.domain.history import Message
from services.session.domain.model_use import ModelUse
from services.session.domain.session import LONGEST_ANSWER, Session
from services.session.domain.turn import Turn
from services.session.ports import TurnEnd
from tests.builders import chat_requested, delivery, figures
from tests.fakes import FakeSessions, FakeWriter
from tests.unit.session.service import Service

pytestmark = pytest.mark.anyio

ASKED = "Which strategy is steadier?"
BROKEN = LlmError("incomplete answer")


async def turn_with_data(service: Service, *, stream: bool = False) -> str:
    session_id = await service.open()
    await service.say(session_id, ASKED, stream=stream)
    service.give(figures("Calm"), figures("Wild"), summary="Computed words.")
    return session_id


def last(session: Session) -> Message:
    return session.history[-1]


async def test_the_models_answer_is_stored_and_replied() -> None:
    writer = FakeWriter("Calm is ", "the steadier one.", "\n")
    service = Service(writer)
    session_id = await turn_with_data(service)
    await service.work(session_id)

    assert last(service.session(session_id)).content == "Calm is the steadier one."
    assert last(service.session(session_id)).provider == "fake-model"
    assert last(service.session(session_id)).model_use == ModelUse(
        "fake", "fake-model", None, None, None, 0.1
    )
    (answer,) = service.reply.answers
    assert isinstance(answer, ChatAnswered)
    assert (answer.answer, answer.provider) == ("Calm is the steadier one.", "fake-model")
    assert service.session(session_id).turn is None
    assert service.published()[-1] == "chat.answered"


async def test_the_model_is_given_the_conversation_and_the_data() -> None:
    writer = FakeWriter("Prose.")
    service = Service(writer)
    session_id = await turn_with_data(service)
    await service.work(session_id)

    ((history, turn),) = writer.asked
    data = turn.steps[0].outcome and turn.steps[0].outcome.reply
    assert isinstance(data, ComparisonView)
    assert [message.content for message in history] == [ASKED]
    assert [entry.strategy_id for entry in data.strategies_data] == ["calm", "wild"]


async def test_a_streamed_answer_comes_in_numbered_pieces_and_then_whole() -> None:
    service = Service(FakeWriter("Calm ", "is ", "it."))
    session_id = await turn_with_data(service, stream=True)
    await service.work(session_id)

    *pieces, answer = written(service)
    deltas = [(piece.index, piece.delta) for piece in pieces if isinstance(piece, ChatStreamed)]
    assert deltas == [(0, "Calm "), (1, "is "), (2, "it.")]
    assert isinstance(answer, ChatAnswered)
    assert answer.answer == "Calm is it."


def written(service: Service) -> list[Contract]:
    """Return what was replied, but for the calls of tools."""
    calls = (ChatToolStarted, ChatToolCompleted)
    return [answer for answer in service.reply.answers if not isinstance(answer, calls)]


def streamed(answers: Sequence[Contract]) -> list[tuple[int, str] | None]:
    """Return the pieces, each with its number; None where what was sent became void."""
    return [(each.index, each.delta) if isinstance(each, ChatStreamed) else None for each in answers]


async def test_what_is_sent_before_a_restart_is_void() -> None:
    service = Service(FakeWriter("Half ", "an ", Restarted("second"), "Calm ", "is it."))
    session_id = await turn_with_data(service, stream=True)
    await service.work(session_id)

    *pieces, answer = written(service)
    assert streamed(pieces) == [(0, "Half "), (1, "an "), None, (0, "Calm "), (1, "is it.")]
    assert isinstance(pieces[2], ChatRestarted)
    assert isinstance(answer, ChatAnswered)
    assert (answer.answer, answer.provider) == ("Calm is it.", "fake-model")


@pytest.mark.parametrize("pieces", [(), ("Half an ans",)])
async def test_a_model_that_fails_is_replaced_by_the_computed_answer(pieces: tuple[str, ...]) -> None:
    service = Service(FakeWriter(*pieces, error=BROKEN))
    session_id = await turn_with_data(service, stream=True)
    await service.work(session_id)

    *sent, answer = written(service)
    void = [*((n, piece) for n, piece in enumerate(pieces)), *([None] if pieces else [])]
    assert streamed(sent) == [*void, (0, "Computed words.")]
    assert isinstance(answer, ChatAnswered)
    assert (answer.answer, answer.provider) == ("Computed words.", "computed")
    assert last(service.session(session_id)).content == "Computed words."


@pytest.mark.parametrize("pieces", [(), ("", " \n"), ("x" * LONGEST_ANSWER, "x")])
async def test_a_model_that_says_nothing_or_does_not_stop_is_replaced_too(pieces: tuple[str, ...]) -> None:
    service = Service(FakeWriter(*pieces))
    session_id = await turn_with_data(service)
    await service.work(session_id)

    assert last(service.session(session_id)).content == "Computed words."
    assert last(service.session(session_id)).provider == "computed"


async def test_a_turn_that_got_no_data_ends_as_failed() -> None:
    service = Service(FakeWriter("Prose."))
    session_id = await service.open()
    request, came = chat_requested(session_id, ASKED), delivery()
    await service.chat.take_turn(request, came)
    await service.work(session_id)

    (failed,) = service.answers_to(came)
    assert isinstance(failed, ChatFailed)
    assert (failed.turn_id, failed.code) == (request.turn_id, "no-data")
    assert service.session(session_id).turn is None
    assert service.published()[-1] == "chat.failed"


async def test_a_turn_that_keeps_killing_its_worker_is_computed() -> None:
    writer = FakeWriter("Prose.")
    service = Service(writer)
    session_id = await turn_with_data(service)
    for _ in range(MOST_ATTEMPTS):  # claimed by workers that died
        await service.claim(session_id)
    await service.work(session_id)

    assert writer.asked == []
    assert last(service.session(session_id)).content == "Computed words."


async def test_what_an_attempt_before_has_sent_is_void() -> None:
    service = Service(FakeWriter("Prose."))
    session_id = await turn_with_data(service, stream=True)
    await service.claim(session_id)  # by a worker that died
    await service.work(session_id)

    *sent, answer = written(service)
    assert streamed(sent) == [None, (0, "Prose.")]
    assert isinstance(answer, ChatAnswered)


class WithoutRoom(FakeSessions):
    """Takes no answer, however often it is tried."""

    async def end_turn(
        self,
        read: Stored[Session],
        ended: Callable[[Session], Session],
        events: Sequence[Event],
        held_until: datetime | None,
    ) -> TurnEnd:
        if ended(read.state).last_answer:
            raise RuntimeError("too large")
        return await super().end_turn(read, ended, events, held_until)


async def test_a_turn_whose_answer_can_not_be_stored_ends_as_failed() -> None:
    writer = FakeWriter("Prose.")
    service = Service(writer, WithoutRoom())
    session_id = await turn_with_data(service)
    before = service.session(session_id)
    for _ in range(GIVEN_UP_AFTER):
        with pytest.raises(RuntimeError):
            await service.work(session_id)
    await service.work(session_id)

    assert len(writer.asked) == MOST_ATTEMPTS
    (failed,) = service.reply.answers
    assert isinstance(failed, ChatFailed)
    assert failed.code == "internal-error"
    assert service.published()[-1] == "chat.failed"
    after = service.session(session_id)
    assert (after.turn, after.history, after.context) == (None, before.history, before.context)


async def test_attempts_are_counted_from_one_for_each_turn() -> None:
    service = Service(FakeWriter("Prose."))
    session_id = await turn_with_data(service)
    for _ in range(MOST_ATTEMPTS - 2):
        await service.claim(session_id)
    await service.work(session_id)
    await service.converse(session_id, "and its drawdown?", figures("Calm"))

    assert [message.provider for message in service.session(session_id).history] == [
        *(None, "fake-model"),
        *(None, "fake-model"),
    ]


async def test_an_attempt_that_was_given_back_unused_does_not_count() -> None:
    service = Service(FakeWriter("Prose."))
    session_id = await turn_with_data(service)
    for _ in range(MOST_ATTEMPTS):  # claimed by workers that were told to stop
        claim = service.held.pop(session_id, None) or await service.claim(session_id)
        await service.queue.give_back(claim, service.clock())
    await service.work(session_id)

    assert last(service.session(session_id)).provider == "fake-model"


class Interrupted(FakeWriter):
    """While it writes, another worker claims the turn."""

    service: Service

    async def write(
        self, history: Sequence[Message], turn: Turn, tools: Sequence[str], began: float
    ) -> AsyncGenerator[Drafted, None]:
        async for piece in super().write(history, turn, tools, began):
            self.service.store.memory.interfere()
            yield piece


async def test_an_answer_of_a_worker_that_lost_its_lease_is_refused() -> None:
    writer = Interrupted("Prose.")
    writer.service = service = Service(writer)
    session_id = await turn_with_data(service)

    with pytest.raises(StaleError):
        await service.work(session_id)
    assert "chat.answered" not in service.published()
    assert service.reply.answers == []


async def test_a_turn_that_was_answered_meanwhile_gets_no_second_answer() -> None:
    service = Service(FakeWriter("Prose."))
    session_id = await turn_with_data(service)
    claim = await service.work(session_id)
    before = service.published()
    told = len(service.reply.sent)
    with pytest.raises(StaleError):
        await service.work_on(claim)

    assert (service.published(), len(service.reply.sent)) == (before, told)


async def test_a_session_without_a_turn_needs_nothing() -> None:
    service = Service(FakeWriter("Prose."))
    session_id = await turn_with_data(service)
    claim = await service.work(session_id)
    ended = await service.store.get(session_id)
    assert ended is not None
    before = service.published()
    await service.work_on(replace(claim, job=ended))

    assert service.published() == before
