"""Messages that are sent again while they are answered: what the later requesters are sent."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from backchat_contracts import (
    ChatAnswered,
    ChatRequested,
    ChatStreamed,
    ChatToolCompleted,
    ChatToolStarted,
    Contract,
)
from services.chassis.messaging.envelope import Delivery
from services.language_model.drafting import Drafted
from services.session.domain.history import Message
from services.session.domain.turn import Turn
from tests.builders import chat_requested, delivery, figures
from tests.fakes import FakeWriter, eventually
from tests.unit.session.service import Service

pytestmark = pytest.mark.anyio

ASKED = "Which strategy is steadier?"


class Pausing(FakeWriter):
    """Writes its first piece, and the rest when it may."""

    def __init__(self, *pieces: str) -> None:
        super().__init__(*pieces)
        self.may_go_on = asyncio.Event()

    async def write(
        self, history: Sequence[Message], turn: Turn, tools: Sequence[str], began: float
    ) -> AsyncGenerator[Drafted, None]:
        async for piece in super().write(history, turn, tools, began):
            yield piece
            await self.may_go_on.wait()


class Watched:
    """A turn that is being written, and its requesters."""

    def __init__(self) -> None:
        self.writer = Pausing("Half ", "an ", "answer.")
        self.service = Service(self.writer)
        self.first = delivery()
        self.request: ChatRequested

    async def begin(self) -> "asyncio.Task[None]":
        session_id = await self.service.open()
        self.request = chat_requested(session_id, ASKED, stream=True)
        await self.service.chat.take_turn(self.request, self.first)
        self.service.give(figures("Calm"))
        work = asyncio.create_task(self.service.work_on(self.service.held[session_id]))
        await eventually(lambda: ChatStreamed in self.kinds(self.first))
        return work

    async def ask_again(self, *, stream: bool = True) -> Delivery:
        came = delivery()
        await self.service.chat.take_turn(self.request.model_copy(update={"stream": stream}), came)
        return came

    def sent(self, came: Delivery) -> list[Contract]:
        return self.service.answers_to(came)

    def kinds(self, came: Delivery) -> list[type[Contract]]:
        return [type(each) for each in self.sent(came)]


async def test_a_later_requester_is_sent_what_has_happened_and_then_what_happens() -> None:
    watched = Watched()
    work = await watched.begin()
    second = await watched.ask_again()
    await eventually(lambda: ChatStreamed in watched.kinds(second))
    assert watched.kinds(second) == [ChatToolStarted, ChatToolCompleted, ChatStreamed]
    assert ChatAnswered not in watched.kinds(watched.first)
    watched.writer.may_go_on.set()
    await work

    pieces = [each.delta for each in watched.sent(second) if isinstance(each, ChatStreamed)]
    assert pieces == ["Half ", "an ", "answer."]
    assert watched.sent(second) == watched.sent(watched.first)


async def test_a_requester_that_comes_just_before_the_end_is_sent_all() -> None:
    watched = Watched()
    work = await watched.begin()
    second, whole_only = await watched.ask_again(), await watched.ask_again(stream=False)
    watched.writer.may_go_on.set()
    await work

    assert watched.sent(second) == watched.sent(watched.first)
    assert watched.kinds(whole_only) == [ChatAnswered]


async def test_a_requester_that_comes_after_the_end_is_sent_all_with_the_text_in_one_piece() -> None:
    watched = Watched()
    work = await watched.begin()
    watched.writer.may_go_on.set()
    await work
    later, whole_only = await watched.ask_again(), await watched.ask_again(stream=False)

    started, completed, *_, answered = watched.sent(watched.first)
    piece = ChatStreamed(
        turn_id=watched.request.turn_id,
        session_id=watched.request.session_id,
        index=0,
        delta="Half an answer.",
    )
    assert watched.sent(later) == [started, completed, piece, answered]
    assert watched.sent(whole_only) == [answered]


async def test_of_an_answer_before_the_last_one_the_calls_are_told_by_their_ends() -> None:
    service, later = Service(), delivery()
    session_id = await service.open()
    request = chat_requested(session_id, ASKED, stream=True)
    await service.chat.take_turn(request, delivery())
    await service.bring(figures("Calm"))
    await service.converse(session_id, "and its drawdown?", figures("Calm"))
    await service.chat.take_turn(request, later)

    kinds = [type(each) for each in service.answers_to(later)]
    assert kinds == [ChatToolCompleted, ChatStreamed, ChatAnswered]


async def test_a_turn_that_goes_on_elsewhere_is_told_to_all_its_requesters() -> None:
    watched = Watched()
    work = await watched.begin()
    second = await watched.ask_again()
    work.cancel()  # its process ends
    watched.service.held.clear()
    watched.writer.may_go_on.set()
    await watched.service.work(watched.request.session_id)

    for came in (watched.first, second):
        assert watched.kinds(came)[-1] is ChatAnswered
