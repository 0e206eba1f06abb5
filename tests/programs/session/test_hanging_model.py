"""Two hundred turns wait for a language model that hangs: another one is answered in its normal time."""

import asyncio
import time

import pytest

from services.language_model.chain import Chain
from services.language_model.settings import LlmSettings, Provider
from services.session.bootstrap import MOST_TURNS
from services.session.llm import LlmWriter
from tests.builders import figures
from tests.fakes import eventually
from tests.hostile_model import TEXT, hang, serving
from tests.unit.session.service import Service

pytestmark = [pytest.mark.anyio, pytest.mark.long]

HANGING = 200


class Ticking:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("next_provider", [True, False])
async def test_another_turn_does_not_wait(*, next_provider: bool) -> None:
    assert MOST_TURNS > HANGING  # they take slots while they wait
    clock = Ticking()
    async with serving(hang) as hanging, serving() as second:
        urls = [hanging.url, second.url][: 1 + next_provider]
        providers = tuple(
            Provider(name=f"p{number}", model=f"model-{number}", base_url=url, first_token_seconds=30.0)
            for number, url in enumerate(urls)
        )
        chain = Chain(LlmSettings(llm_providers=providers), clock)
        service = Service(LlmWriter(chain))
        sessions = [await turn(service) for _ in range(HANGING)]
        waiting = [asyncio.create_task(service.work(session_id)) for session_id in sessions]
        await eventually(lambda: len(hanging.asked) == HANGING, deadline=60.0)
        clock.now += 15.0

        session_id = await turn(service)
        began = time.monotonic()
        await service.work(session_id)
        assert time.monotonic() - began < 1.0

        answer = service.session(session_id).history[-1]
        expected = (TEXT, "model-1") if next_provider else ("Computed words.", "computed")
        assert (answer.content, answer.provider) == expected
        assert chain.degraded() == ("language model p0",)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await chain.close()


async def turn(service: Service) -> str:
    """Begin a turn that has its data, and return its session."""
    session_id = await service.open()
    await service.say(session_id, "Which strategy is steadier?")
    service.give(figures("Calm"), figures("Wild"), summary="Computed words.")
    return session_id
