"""Budgets of language models: who is refused, when, and what is not."""

import pytest

from backchat_contracts import ChatCancelRequested, ChatRegenerateRequested, SessionForkRequested, Texts
from services.chassis.errors import StaleError
from services.language_model.errors import LlmError
from services.language_model.pieces import Taken, Usage
from services.session.domain.budgets import Budget, Budgets, Used
from services.session.errors import BudgetExceededError
from tests.builders import delivery, figures, new_id, session_requested
from tests.fakes import FakeWriter
from tests.unit.session.service import Service

pytestmark = pytest.mark.anyio

ASKED = "Which strategy is steadier?"


def service(**budgets: Budget) -> Service:
    return Service(FakeWriter("Calm is.", usage=Usage(900, 100)), budgets=Budgets(**budgets))


async def opened(service: Service, user_id: str = "ann") -> str:
    request = session_requested(user_id=user_id)
    await service.sessions.create(request, delivery(answered=False))
    return request.session_id


async def answered(service: Service, session_id: str) -> None:
    await service.converse(session_id, ASKED, figures("Calm"), figures("Wild"), summary="Computed.")


@pytest.mark.parametrize("budget", [Budget(requests=2), Budget(tokens=1_500), Budget(tokens=2_000)])
async def test_a_session_that_has_used_its_budget_takes_no_more_messages(budget: Budget) -> None:
    here = service(session=budget)
    session_id = await opened(here)
    await answered(here, session_id)
    await answered(here, session_id)

    with pytest.raises(BudgetExceededError, match="create a new one") as refused:
        await here.say(session_id, ASKED)
    assert "retry_after" not in refused.value.extra
    assert here.session(session_id).turn is None
    await answered(here, await opened(here))  # another session


async def test_a_user_that_has_used_the_days_budget_waits_for_the_next_day() -> None:
    here = service(user=Budget(requests=1))
    await answered(here, await opened(here))

    session_id = await opened(here)
    with pytest.raises(BudgetExceededError, match=r"1 requests.*begins anew at") as refused:
        await here.say(session_id, ASKED)
    await answered(here, await opened(here, "bob"))

    seconds = refused.value.extra["retry_after"]
    assert isinstance(seconds, int)
    here.clock.advance(seconds=seconds)
    await answered(here, session_id)


async def test_what_needs_no_model_is_never_refused() -> None:
    here = service(user=Budget(requests=1), session=Budget(requests=1))
    session_id = await opened(here)
    await answered(here, session_id)

    await here.say(session_id, "Run an RSI backtest on AAPL")


async def test_a_message_that_is_sent_again_gets_its_answer() -> None:
    here = service(user=Budget(requests=1))
    session_id = await opened(here)
    here.give(figures("Calm"), figures("Wild"), summary="Computed.")
    request = await here.say(session_id, ASKED)
    await here.work(session_id)

    await here.chat.take_turn(request, delivery())
    assert here.reply.answers[-1] == here.reply.answers[-2]


async def test_computed_answers_take_nothing() -> None:
    error = LlmError("all were left out", taken=Taken(0))
    here = Service(FakeWriter(error=error), budgets=Budgets(user=Budget(requests=1)))
    session_id = await opened(here)
    for _ in range(3):
        await answered(here, session_id)
    assert not here.uses.used


async def test_what_is_taken_is_noted_by_user_and_day() -> None:
    here = service()
    session_id = await opened(here)
    await answered(here, session_id)
    await answered(here, session_id)
    assert here.uses.used == {("ann", here.clock().date()): Used(2, 2_000, 0.0)}


@pytest.mark.parametrize(
    ("used", "reached"),
    [
        (Used(9, 999, 0.99), None),
        (Used(10, 0, 0.0), Texts(ko="요청 10회", en="10 requests")),
        (Used(0, 1_200, 0.0), Texts(ko="토큰 1,000개", en="1,000 tokens")),
        (Used(0, 0, 1.0), Texts(ko="비용 1", en="1 of cost")),
    ],
)
def test_each_limit_counts(used: Used, reached: Texts | None) -> None:
    assert Budget(10, 1_000, 1.0).exhausted(used) == reached
    assert Budget().exhausted(used) is None


async def test_what_a_turn_took_that_was_cancelled_after_its_decision_counts_for_its_session_too() -> None:
    here = service(session=Budget(requests=1))
    session_id = await opened(here)
    here.give(figures("Calm"), figures("Wild"), summary="Computed.")
    request = await here.say(session_id, ASKED)
    end = await here.turns.run(here.held.pop(session_id))
    cancel = ChatCancelRequested(session_id=session_id, turn_id=request.turn_id)
    await here.chat.cancel(cancel, delivery())
    with pytest.raises(StaleError):
        await end()

    assert here.session(session_id).used == Used(1, 1_000, 0.0)
    with pytest.raises(BudgetExceededError):
        await here.say(session_id, ASKED)


async def test_what_answers_took_that_could_not_be_used_counts() -> None:
    error = LlmError("twice refused", taken=Taken(2, Usage(700, None), 0.5))
    here = Service(FakeWriter(error=error), budgets=Budgets(session=Budget(tokens=700)))
    session_id = await opened(here)
    await answered(here, session_id)
    assert here.session(session_id).history[-1].provider == "computed"
    assert here.session(session_id).used == here.uses.used["ann", here.clock().date()] == Used(2, 700, 0.5)
    with pytest.raises(BudgetExceededError, match="700 tokens"):
        await here.say(session_id, ASKED)
    with pytest.raises(BudgetExceededError, match="토큰 700개"):
        await here.say(session_id, "어느 전략이 더 안정적이야?")


async def test_an_answer_again_is_one_more_and_a_fork_begins_with_what_its_answers_took() -> None:
    here = service(session=Budget(requests=2))
    session_id = await opened(here)
    await answered(here, session_id)
    first = here.session(session_id).history[-1].turn_id
    again = ChatRegenerateRequested(turn_id="t-2", session_id=session_id, replaces=first)
    await here.chat.answer_again(again, delivery())
    await here.bring(figures("Calm"), figures("Wild"), summary="Computed.")
    with pytest.raises(BudgetExceededError):
        await here.chat.answer_again(
            again.model_copy(update={"turn_id": "t-3", "replaces": "t-2"}), delivery()
        )
    with pytest.raises(BudgetExceededError):
        await here.say(session_id, ASKED)

    fork = SessionForkRequested(session_id=session_id, turn_id="t-2", fork_id=new_id("session"))
    await here.sessions.fork(fork, delivery())
    assert here.session(fork.fork_id).used == Used()
    await answered(here, fork.fork_id)  # before the message that took it
    last = await here.say(fork.fork_id, ASKED)
    changes = {"session_id": fork.fork_id, "turn_id": last.turn_id, "fork_id": new_id("session")}
    later = fork.model_copy(update=changes)
    await here.sessions.fork(later, delivery())
    assert here.session(later.fork_id).used.requests == 1


@pytest.mark.parametrize(
    "message", ["AAPL 데이터 있어?", "What does RSI do?", "show the recent backtests", "optimise RSI"]
)
async def test_what_is_looked_up_or_refused_needs_no_model(message: str) -> None:
    here = service(user=Budget(requests=1), session=Budget(requests=1))
    session_id = await opened(here)
    await answered(here, session_id)

    await here.say(session_id, message)


async def test_messages_that_wait_are_computed_once_the_budget_is_used() -> None:
    here = service(user=Budget(requests=1))
    session_id = await opened(here)
    for _ in range(3):
        await here.say(session_id, ASKED)
    for _ in range(3):
        here.give(figures("Calm"), figures("Wild"), summary="Computed.")
        await here.work(session_id)

    providers = [each.provider for each in here.session(session_id).history if each.role == "assistant"]
    assert providers == ["fake-model", "computed", "computed"]
