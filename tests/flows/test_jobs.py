"""Jobs: priorities, cancellation, progress, equal backtests, idempotency keys."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from backchat_contracts import BacktestCancelRequested, Event
from deploy.embedded.stack import Stack
from services.chassis.messaging.envelope import Origin, encode
from tests.builders import backtest_requested
from tests.fakes import eventually
from tests.flows.api import CHATOPS, Api, unique
from tests.flows.faults import Faults

pytestmark = pytest.mark.anyio

BACKTESTS = "/api/v1/backtests"


def for_(reason: str, **more: Any) -> dict[str, Any]:
    return {"trigger_reason": reason, "fresh": True, **more}


async def cancel(api: Api, backtest_id: str) -> dict[str, Any]:
    response = await api.post(f"{BACKTESTS}/{backtest_id}/cancel")
    assert response.status_code == 200, response.text
    return dict(response.json())


async def events(api: Api, backtest_id: str, **headers: str) -> AsyncGenerator[tuple[str, str, Any]]:
    """Yield id, name and data of each event."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    async with api.client.stream("GET", f"{BACKTESTS}/{backtest_id}/events", headers=given) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        fields: dict[str, str] = {}
        async for line in response.aiter_lines():
            name, colon, value = line.partition(": ")
            if colon and name:
                fields[name] = value
            elif not line and fields:
                yield fields["id"], fields["event"], json.loads(fields["data"])
                fields = {}


async def reported(api: Api, backtest_id: str) -> None:
    """Follow a backtest until its first `progress` event, then disconnect."""
    async with aclosing(events(api, backtest_id)) as followed:
        async for _, name, _ in followed:
            if name == "progress":
                return
    pytest.fail("ended without a report of progress")


async def test_running_and_waiting_backtests_are_cancelled(api: Api, faults: Faults) -> None:
    slow = faults.slow(unique("slow"), 60)
    running = await api.trigger(for_(slow))
    await api.until(running, "running")
    waiting = await api.trigger(for_("manual"))

    assert (await cancel(api, waiting))["status"] == "cancelled"
    began = time.monotonic()
    assert (await cancel(api, running))["status"] == "cancelled"
    after = await api.trigger(for_("manual"))  # the worker is free again at once
    assert (await api.ended(after))["status"] == "completed"
    assert time.monotonic() - began < 10

    again = await cancel(api, running)
    assert again == (await api.get(f"{BACKTESTS}/{running}")).json()
    assert [await api.status(each) for each in (running, waiting)] == ["cancelled", "cancelled"]
    response = await api.post(f"{BACKTESTS}/{after}/cancel")
    assert (response.status_code, response.json()["type"]) == (409, "/problems/backtest-ended")
    assert (await api.post(f"{BACKTESTS}/{uuid4()}/cancel")).status_code == 404
    listed = (await api.get(BACKTESTS, status="cancelled")).json()["data"]
    assert {running, waiting} <= {each["id"] for each in listed}


async def publish(stack: Stack, event: Event) -> None:
    """Publish an event as another service does."""
    record = encode(event, source="another-service", origin=Origin())
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka, acks="all")
    await producer.start()
    try:
        headers = [(name, value.encode()) for name, value in record.headers.items()]
        key = str(record.key).encode()
        await producer.send_and_wait(record.topic, record.value, key=key, headers=headers)
    finally:
        await producer.stop()


async def test_another_service_cancels_by_an_event(api: Api, stack: Stack, faults: Faults) -> None:
    backtest_id = await api.trigger(for_(faults.slow(unique("slow"), 60)))
    await publish(stack, BacktestCancelRequested(backtest_id=backtest_id))
    assert (await api.ended(backtest_id))["status"] == "cancelled"


async def test_a_cancellation_may_overtake_its_backtest(api: Api, stack: Stack) -> None:
    request = backtest_requested(fresh=True)
    response = await api.post(f"{BACKTESTS}/{request.backtest_id}/cancel")
    assert (response.status_code, response.json()["type"]) == (404, "/problems/backtest-not-found")
    await publish(stack, request)

    await eventually(partial(there, api, request.backtest_id))
    page = (await api.get(f"{BACKTESTS}/{request.backtest_id}")).json()
    assert (page["status"], page["sequence"]) == ("cancelled", 2)


async def there(api: Api, backtest_id: str) -> bool:
    return (await api.get(f"{BACKTESTS}/{backtest_id}")).status_code == 200


async def test_what_is_urgent_is_next_and_users_share_fairly(api: Api, faults: Faults) -> None:
    blocking = await api.trigger(for_(faults.slow(unique("slow"), 4)))
    await reported(api, blocking)  # so long that nothing is claimed ahead behind it any more
    short = faults.slow(unique("slow"), 0.1)  # one by one in the one process: their ends tell the order
    low = await api.trigger(for_(short, priority="low", user_id="park"))
    busy = [await api.trigger(for_(short, user_id="kim")) for _ in range(8)]
    other = await api.trigger(for_(short, user_id="lee"))
    high = await api.trigger(for_(short, user_id="kim", priority="high"))

    pages = [await api.ended(each) for each in (low, *busy, other, high)]
    order = [page["id"] for page in sorted(pages, key=lambda page: page["completed_at"])]
    assert order[0] == high
    assert order.index(other) <= 2
    assert order[-1] == low
    assert [each for each in order if each in busy] == busy


async def test_a_backtest_is_followed_from_its_trigger_to_its_end(api: Api, faults: Faults) -> None:
    backtest_id = await api.trigger(for_(faults.slow(unique("slow"), 2.5)))
    seen = [event async for event in events(api, backtest_id)]

    statuses = [data["status"] for _, name, data in seen if name == "status"]
    assert statuses[-2:] == ["running", "completed"]
    assert seen[-1][2] == (await api.get(f"{BACKTESTS}/{backtest_id}")).json()
    progress = [data for _, name, data in seen if name == "progress"]
    assert {(data["backtest_id"], data["stage"], data["attempt"]) for data in progress} == {
        (backtest_id, "simulation", 1)
    }
    assert all(0 < data["fraction"] < 1 and data["eta_seconds"] > 0 for data in progress)

    last = seen[-1][0]
    again = await api.client.get(f"{BACKTESTS}/{backtest_id}/events", headers={"Last-Event-ID": last})
    assert again.status_code == 204
    missed = [event async for event in events(api, backtest_id, Last_Event_ID=seen[0][0])]
    assert [(event_id, data["status"]) for event_id, _, data in missed] == [(last, "completed")]
    assert (await api.client.get(f"{BACKTESTS}/{uuid4()}/events")).status_code == 404


async def test_a_client_that_disconnects_takes_nothing_from_one_that_follows_later(
    api: Api, faults: Faults
) -> None:
    backtest_id = await api.trigger(for_(faults.slow(unique("slow"), 60)))
    await reported(api, backtest_id)
    await reported(api, backtest_id)
    await cancel(api, backtest_id)


async def test_progress_is_shown_while_a_backtest_runs_long(api: Api, faults: Faults) -> None:
    backtest_id = await api.trigger(for_(faults.slow(unique("slow"), 3)))
    await api.until(backtest_id, "running")
    page: dict[str, Any] = {}

    async def shown() -> bool:
        page.update((await api.get(f"{BACKTESTS}/{backtest_id}")).json())
        return "progress" in page and page["progress"]["stage"] == "simulation"

    await eventually(shown)
    assert "progress" not in await api.ended(backtest_id)


async def test_an_equal_backtest_is_reused_and_each_keeps_its_own_id(api: Api) -> None:
    config = {"commission_rate": 0.00123, "symbols": ["IBM"]}
    first = await api.ended(await api.trigger(**config))
    second = await api.ended(await api.trigger({"user_id": "lee"}, **config))
    fresh = await api.ended(await api.trigger({"fresh": True}, **config))

    assert second["performance"] == first["performance"] == fresh["performance"]
    assert (second["reused_from"], second["user_id"]) == (first["id"], "lee")
    assert "reused_from" not in fresh
    results = [(await api.get(f"{BACKTESTS}/{page['id']}/result")).json() for page in (first, second)]
    assert results[0]["equity_curve"] == results[1]["equity_curve"]


@pytest.mark.parametrize(
    ("path", "body", "other", "status"),
    [
        (
            f"{CHATOPS}/backtest/trigger",
            {"strategy_config": {"name": "키", "symbols": ["IBM"]}},
            {"strategy_config": {"name": "키", "symbols": ["MSFT"]}},
            202,
        ),
        ("/api/v1/strategies", {"name": "열쇠 {unique}"}, {"name": "열쇠 {unique}", "type": "rsi"}, 201),
        ("/api/v1/strategies", {"name": "열쇠 {unique}"}, {"name": "딴 {unique}"}, 201),
    ],
    ids=["trigger", "strategy", "strategy of another name"],
)
async def test_a_key_makes_a_repeated_request_the_same_thing(
    api: Api, path: str, body: dict[str, Any], other: dict[str, Any], status: int
) -> None:
    name, key = unique("이름"), str(uuid4())
    body, other = (json.loads(json.dumps(each).replace("{unique}", name)) for each in (body, other))
    sent = [api.post(path, body, Idempotency_Key=key) for _ in range(5)]
    answers = [*await asyncio.gather(*sent), await api.post(path, body, Idempotency_Key=key)]

    assert {answer.status_code for answer in answers} == {status}, answers[-1].text
    first, *others = (answer.json() for answer in answers)
    ids = ("session_id", "backtest_id", "strategy_id")
    assert all(each.get(name) == first.get(name) for each in others for name in ids)
    refused = await api.post(path, other, Idempotency_Key=key)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/request-mismatch")
    assert (await api.post(path, body, Idempotency_Key="k" * 256)).status_code == 422


async def test_a_key_belongs_to_a_user(api: Api) -> None:
    path, key = f"{CHATOPS}/session/create", str(uuid4())
    answers = [await api.post(path, {"user_id": user}, Idempotency_Key=key) for user in ("kim", "kim", "lee")]

    assert {answer.status_code for answer in answers} == {201}
    first, again, other = (answer.json()["session_id"] for answer in answers)
    assert first == again != other


async def test_a_key_makes_one_job_of_many_requests(api: Api) -> None:
    body = {"strategy_config": {"name": unique("하나"), "symbols": ["IBM"]}, "fresh": True}
    key = str(uuid4())
    sent = (api.post(f"{CHATOPS}/backtest/trigger", body, Idempotency_Key=key) for _ in range(20))
    (backtest_id,) = {answer.json()["backtest_id"] for answer in await asyncio.gather(*sent)}

    page = await api.ended(backtest_id)
    assert (page["status"], page["sequence"]) == ("completed", 3)  # accepted, started, completed: once each


async def test_a_key_makes_a_repeated_message_the_same_turn(api: Api) -> None:
    session_id, key = await api.session(), str(uuid4())
    path = f"{CHATOPS}/session/{session_id}/chat"
    sent = (api.post(path, {"message": "안녕하세요?"}, Idempotency_Key=key) for _ in range(5))
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} <= {200, 409}  # the second while the first is answered
    again = await api.post(path, {"message": "안녕하세요?"}, Idempotency_Key=key)
    assert again.status_code == 200
    assert again.json() in [answer.json() for answer in answers]

    refused = await api.post(path, {"message": "안녕히 가세요"}, Idempotency_Key=key)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/request-mismatch")
    session = (await api.get(f"{CHATOPS}/session/{session_id}")).json()
    assert len(session["conversation_history"]) == 2
