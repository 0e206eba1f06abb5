"""Answers with figures by reference: what is sent, what is written again, and what is given up."""

from collections.abc import AsyncIterator

import pytest

from services.grounding.facts import Facts, Figure
from services.language_model.drafting import LONGEST, Drafted, drafted, references
from services.language_model.errors import LlmError
from services.language_model.messages import ChatMessage, Tool
from services.language_model.pieces import Finished, Restarted, Taken, Usage
from tests.hostile_model import Behaviour, Exchange, HostileModel, serving
from tests.programs.language_model.models import chained, provider

pytestmark = pytest.mark.anyio

FACTS = Facts(
    figures=(
        Figure("s1.sharpe_ratio", "Calm", "sharpe_ratio", 1.234),
        Figure("s2.sharpe_ratio", "Wild", "sharpe_ratio", -0.5),
    ),
    names=("Calm", "Wild"),
)
ASK: list[ChatMessage] = [{"role": "user", "content": "Which is better?"}]
GOOD = "Calm is ahead. Its Sharpe ratio is [[s1.sharpe_ratio]]. "
SENT = ["Calm is ahead.", " Its Sharpe ratio is 1.23."]
INVENTED = "Its Sharpe ratio is 2.5."


def saying(text: str) -> Behaviour:
    """Answer with a text, a few characters at a time."""

    async def say(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.say(*(text[at : at + 7] for at in range(0, len(text), 7)))
        await exchange.finish()

    return say


@pytest.fixture
async def model() -> AsyncIterator[HostileModel]:
    async with serving() as model:
        yield model


async def written(model: HostileModel, *texts: str) -> list[Drafted]:
    model.then(*map(saying, texts))
    async with chained(provider("first", model.url)) as chain:
        return [piece async for piece in drafted(chain, ASK, FACTS, "Which is better?")]


def kinds(pieces: list[Drafted]) -> list[str | type]:
    return [piece if isinstance(piece, str) else type(piece) for piece in pieces]


async def test_sentences_are_sent_with_their_figures(model: HostileModel) -> None:
    assert kinds(await written(model, GOOD)) == [*SENT, Finished]


async def test_what_may_not_be_sent_is_written_again_and_the_model_is_told_why(model: HostileModel) -> None:
    pieces = await written(model, f"Calm is ahead. {INVENTED}", GOOD)

    assert kinds(pieces) == [SENT[0], Restarted, *SENT, Finished]
    *_, draft, correction = model.asked[1].body["messages"]
    assert draft == {"role": "assistant", "content": f"Calm is ahead. {INVENTED}"}
    assert "free-numeral: '2.5'" in correction["content"]
    assert isinstance(pieces[-1], Finished)
    assert pieces[-1].requests == 2
    assert pieces[-1].usage == Usage(2000, 40)


async def test_what_a_draft_took_that_was_not_read_to_its_end_is_not_known(model: HostileModel) -> None:
    *_, finished = await written(model, f"{INVENTED} And so on. And so on.", GOOD)
    assert isinstance(finished, Finished)
    assert finished.taken == Taken(2, Usage(1000, 20))


async def test_what_refused_drafts_took_is_counted_where_they_were_read_to_their_end(
    model: HostileModel,
) -> None:
    tools = [Tool("compare", "Compare.", {"type": "object", "properties": {}})]
    model.then(*map(saying, (INVENTED, GOOD, INVENTED, INVENTED)))
    async with chained(provider("first", model.url)) as chain:
        *_, finished = [piece async for piece in drafted(chain, ASK, FACTS, "Which?", tools)]
        with pytest.raises(LlmError) as failed:
            [piece async for piece in drafted(chain, ASK, FACTS, "Which?", tools)]
    assert isinstance(finished, Finished)
    assert finished.taken == failed.value.taken == Taken(2, Usage(2000, 40))


@pytest.mark.parametrize(
    "text",
    [
        "Calm [has](is behind Wild, which has) a Sharpe ratio of [[s2.sharpe_ratio]].",
        "[Calm][Wild] has a Sharpe ratio of [[s2.sharpe_ratio]].",
        "[Calm's](Wild's) Sharpe ratio is [[s2.sharpe_ratio]].",
    ],
)
async def test_what_is_shown_is_what_was_checked(model: HostileModel, text: str) -> None:
    try:
        *sent, _ = await written(model, text)
    except LlmError:
        return
    assert "".join(map(str, sent)).count("Wild") == 1


async def test_an_answer_that_does_not_end_is_given_up(model: HostileModel) -> None:
    with pytest.raises(LlmError, match="more than"):
        await written(model, "Calm is ahead. " * LONGEST)


async def test_nothing_is_void_where_nothing_was_sent(model: HostileModel) -> None:
    assert kinds(await written(model, INVENTED, GOOD)) == [*SENT, Finished]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (INVENTED, "free-numeral"),
        ("Wild has a Sharpe ratio of [[s1.sharpe_ratio]].", "wrong-owner"),
        ("Calm has a volatility of [[s1.sharpe_ratio]].", "wrong-metric"),
        ("Calm has a Sharpe ratio of [[s9.sharpe_ratio]].", "unresolved-reference"),
        ("Calm has a Sharpe ratio of minus [[s1.sharpe_ratio]].", "sign-or-unit"),
        ("I have started a backtest of Calm.", "claimed-action"),
    ],
)
async def test_what_is_wrong_twice_is_no_answer(model: HostileModel, text: str, problem: str) -> None:
    with pytest.raises(LlmError, match=problem):
        await written(model, text)
    assert len(model.asked) == 2


async def test_a_provider_that_breaks_off_voids_what_was_sent_of_it(model: HostileModel) -> None:
    async def half(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.say("Calm is ahead. ", "And it ")
        await exchange.finish(reason=None)

    async with (
        serving(half) as broken,
        chained(provider("first", broken.url), provider("second", model.url)) as chain,
    ):
        model.then(saying(GOOD))
        pieces = [piece async for piece in drafted(chain, ASK, FACTS, "")]

    assert kinds(pieces) == [SENT[0], Restarted, *SENT, Finished]


def test_the_figures_are_told_by_owner_and_metric_as_they_are_shown() -> None:
    assert references(FACTS)["Wild"] == {
        "sharpe_ratio": {"value": {"ref": "s2.sharpe_ratio", "shown": "-0.50"}}
    }
