"""What comes twice, comes for nobody, or meets somebody else's change."""

import pytest

from backchat_contracts import ComparisonFailed
from services.chassis.errors import StaleError
from services.session.errors import TurnInProgressError
from tests.builders import chat_requested, comparison_completed, delivery, figures, new_id
from tests.unit.session.service import Service

pytestmark = pytest.mark.anyio

ASKED = "Which strategy is steadier?"


async def test_a_second_delivery_of_a_turn_that_is_being_answered_does_nothing() -> None:
    service = Service()
    session_id = await service.open()
    request = await service.say(session_id, ASKED)
    before = service.session(session_id), service.published()
    came = delivery()
    await service.chat.take_turn(request, came)

    assert service.answers_to(came) == []
    assert (service.session(session_id), service.published()) == before


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


async def test_a_refused_turn_that_is_delivered_again_is_refused_again() -> None:
    service = Service()
    session_id = await service.open()
    await service.say(session_id, ASKED)
    refused = chat_requested(session_id, "and its drawdown?")
    with pytest.raises(TurnInProgressError):
        await service.chat.take_turn(refused, delivery())
    await service.bring(figures("Calm"))

    with pytest.raises(TurnInProgressError):
        await service.chat.take_turn(refused, delivery())
    assert len(service.session(session_id).history) == 2


async def test_a_comparison_for_nobody_is_passed_over() -> None:
    service = Service()
    session_id = await service.open()
    await service.say(session_id, ASKED)
    before = service.session(session_id)
    await service.chat.add_data(comparison_completed(figures()), delivery())
    failed = ComparisonFailed(comparison_id=new_id(), code="x", detail="y")
    await service.chat.give_up(failed, delivery())

    assert service.session(session_id) == before


async def test_a_comparison_that_comes_twice_is_answered_once() -> None:
    service = Service()
    session_id = await service.open()
    await service.say(session_id, ASKED)
    completed = await service.bring(figures())
    await service.chat.add_data(completed, delivery())

    assert service.published().count("chat.answered") == 1
    assert len(service.session(session_id).history) == 2


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
    service.store.memory.interfere()
    with pytest.raises(StaleError):
        await service.bring(figures())
    assert "chat.answered" not in service.published()

    await service.bring(figures())
    assert service.published()[-1] == "chat.answered"
