"""Sessions and chats over HTTP, through all services."""

import json
import uuid

import pytest

from deploy.embedded.stack import Stack
from tests.flows.api import CHATOPS, DEADLINE_SECONDS, Api, unique

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("query", "body", "user"),
    [
        ("", None, "system"),
        ("?user_id=kim", None, "kim"),
        ("", {"user_id": "lee"}, "lee"),
        ("", {}, "system"),
    ],
)
async def test_a_session_is_created_for_a_user(api: Api, query: str, body: object, user: str) -> None:
    response = await api.post(f"{CHATOPS}/session/create{query}", body)
    assert response.status_code == 201
    assert set(response.json()) == {"session_id"}
    session_id = response.json()["session_id"]
    assert str(uuid.UUID(session_id)) == session_id
    page = (await api.get(f"{CHATOPS}/session/{session_id}")).json()
    assert (page["user_id"], page["is_active"], page["conversation_history"]) == (user, True, [])


async def test_a_follow_up_is_understood_by_the_turn_before(api: Api) -> None:
    steady = await api.completed(type="sma_crossover")
    wild = await api.completed(type="buy_and_hold")
    session_id = await api.session()
    names = " / ".join(page["name"].removeprefix("Auto: ") for page in (steady, wild))
    first = await api.say(session_id, f"{names} 중 어떤 전략이 더 안정적인가요?")
    assert set(first["turn"]["strategy_ids"]) == {steady["strategy_id"], wild["strategy_id"]}
    assert first["provider"] == "computed"
    best = min((steady, wild), key=lambda page: page["performance"]["volatility"])
    second = await api.say(session_id, "그 전략의 최대 낙폭은?")
    assert second["turn"]["strategy_ids"] == [best["strategy_id"]]
    assert f"{best['performance']['max_drawdown']:+.2%}".replace("%", " %") in second["answer"]
    third = await api.say(session_id, "and its Sharpe ratio?")
    assert third["turn"]["language"] == "en"
    assert f"{best['performance']['sharpe_ratio']:.2f}" in third["answer"]
    history = (await api.get(f"{CHATOPS}/session/{session_id}")).json()["conversation_history"]
    assert [entry["role"] for entry in history] == ["user", "assistant"] * 3
    assert history[3]["content"] == second["answer"]


async def test_an_answer_can_be_streamed(api: Api) -> None:
    page = await api.completed()
    session_id = await api.session()
    message = {"message": f"{page['name'].removeprefix('Auto: ')} 수익률은?"}
    path = f"{CHATOPS}/session/{session_id}/chat"
    events = []
    async with api.client.stream(
        "POST", path, json=message, headers={"Accept": "text/event-stream"}
    ) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                events.append([line.removeprefix("event: ")])
            elif line.startswith("data: "):
                events[-1].append(json.loads(line.removeprefix("data: ")))
    (began, call), (ended, called), *deltas, (last, whole) = events
    assert (began, ended, last) == ("tool.started", "tool.completed", "message.completed")
    assert (call["tool"], call["arguments"]) == ("compare", {"question": message["message"]})
    assert (called["call_id"], called["code"]) == (call["call_id"], None)
    assert "".join(delta["delta"] for _, delta in deltas) == whole["answer"]
    comparison = (await api.get(f"/api/v1/comparisons/{call['call_id']}")).json()
    assert comparison["summary"] == whole["answer"]


async def test_a_chat_runs_backtests_and_hears_of_their_ends(api: Api, stack: Stack) -> None:
    session_id = await api.session("yuna")
    proposal = await api.say(session_id, "AAPL로 RSI 백테스트를 슬리피지 0.37 %로 돌려줘")
    assert "실행할까요?" in proposal["answer"]
    begun = await api.say(session_id, "응")
    history = await api.history(session_id, 5)
    (started,) = history[3]["tools"]
    backtest = await api.ended(started["id"])
    assert (backtest["user_id"], backtest["status"]) == ("yuna", "completed")
    assert (backtest["config"]["slippage_rate"], backtest["config"]["type"]) == (0.0037, "rsi")
    assert started["id"] in begun["answer"]
    assert "백테스트가 끝났습니다" in history[4]["content"]
    assert history[4]["strategy_ids"] == [backtest["strategy_id"]]

    again = await api.say(session_id, "수수료 0.52 %로 다시 돌려줘")
    assert "수수료 0.52 % (이전 0.1 %)" in again["answer"]
    stack.supervisor.kill("session")
    await stack.supervisor.wait_ready("session", DEADLINE_SECONDS)
    await api.say(session_id, "응")
    history = await api.history(session_id, 10)
    assert "(이전 " in history[9]["content"]


async def test_an_answer_is_given_again_and_a_question_asked_otherwise(api: Api) -> None:
    calm, wild = [await api.completed(type=kind) for kind in ("sma_crossover", "buy_and_hold")]
    user = unique("user").replace(" ", "-")
    session_id = await api.session(user)
    names = " / ".join(page["name"].removeprefix("Auto: ") for page in (calm, wild))
    first = await api.say(session_id, f"{names} 중 어떤 전략이 더 안정적인가요?")
    second = await api.say(session_id, "그 전략의 최대 낙폭은?")
    path, turn_id = f"{CHATOPS}/session/{session_id}", second["turn"]["turn_id"]

    key = str(uuid.uuid4())
    again = [await api.post(f"{path}/turns/{turn_id}/regenerate", Idempotency_Key=key) for _ in range(2)]
    assert [each.status_code for each in again] == [200, 200]
    assert again[0].json() == again[1].json()
    assert again[0].json()["answer"] == second["answer"]
    assert again[0].json()["turn"]["replaces"] == turn_id
    refused = await api.post(f"{path}/turns/{turn_id}/regenerate")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-last-turn")
    history = (await api.get(path)).json()["conversation_history"]
    assert [(each["role"], each.get("replaces")) for each in history[2:]] == [
        *(("user", None), ("assistant", None), ("assistant", turn_id))
    ]

    body = {"message": "그 전략의 샤프 비율은?", "title": "샤프로"}
    fork = f"{path}/turns/{again[0].json()['turn']['turn_id']}/fork"
    forked = [await api.post(fork, body, Idempotency_Key=key) for _ in range(2)]
    assert [each.status_code for each in forked] == [200, 200]
    assert forked[0].json() == forked[1].json()
    other = (await api.get(f"{CHATOPS}/session/{forked[0].json()['session_id']}")).json()
    assert other["forked_from"]["session_id"] == session_id
    assert [each["content"] for each in other["conversation_history"]] == [
        *(first["turn"]["message"], first["answer"]),
        *(body["message"], forked[0].json()["answer"]),
    ]
    best = min((calm, wild), key=lambda page: page["performance"]["volatility"])
    assert f"{best['performance']['sharpe_ratio']:.2f}" in forked[0].json()["answer"]

    renamed = await api.client.patch(path, json={"title": "낙폭으로"})
    assert (renamed.status_code, renamed.json()["title"]) == (200, "낙폭으로")
    listed = (await api.get(f"{CHATOPS}/sessions", user_id=user)).json()["data"]
    assert [each["title"] for each in listed] == ["샤프로", "낙폭으로"]
    export = await api.get(f"{CHATOPS}/session/{session_id}/export")
    assert export.text.startswith("# 낙폭으로\n")


async def test_what_a_chat_has_started_is_not_started_again(api: Api) -> None:
    session_id = await api.session()
    asked = await api.say(session_id, "AAPL로 RSI 백테스트를 슬리피지 0.41 %로 돌려줘")
    begun = await api.say(session_id, "응")
    path = f"{CHATOPS}/session/{session_id}/turns"
    (started,) = (await api.history(session_id, 4))[3]["tools"]
    refused = await api.post(f"{path}/{begun['turn']['turn_id']}/regenerate")
    kinds = {f"/problems/{each}" for each in ("turn-acted", "not-last-turn", "turn-in-progress")}
    assert refused.json()["type"] in kinds  # the end of the backtest may be told meanwhile
    await api.ended(started["id"])
    fork = await api.post(f"{path}/{begun['turn']['turn_id']}/fork", {"message": "응"})
    assert fork.status_code == 200
    view = (await api.get(f"{CHATOPS}/session/{fork.json()['session_id']}")).json()
    assert [each["content"] for each in view["conversation_history"][:2]] == [
        *(asked["turn"]["message"], asked["answer"])
    ]
    assert not any(each.get("tools") for each in view["conversation_history"][2:])
    assert (view["context"]["proposals"], view["context"]["started"]) == ([], [])


async def test_a_users_active_sessions_are_listed_page_by_page(api: Api) -> None:
    user = unique("user").replace(" ", "-")
    opened = [await api.session(user) for _ in range(3)]
    ended = await api.session(user)
    assert (await api.client.delete(f"{CHATOPS}/session/{ended}")).status_code == 204
    first = (await api.get(f"{CHATOPS}/sessions", user_id=user, limit=2)).json()
    assert first["has_more"] is True
    second = (await api.get(f"{CHATOPS}/sessions", user_id=user, limit=2, cursor=first["next"])).json()
    assert (second["has_more"], second["next"]) == (False, None)
    assert [entry["session_id"] for entry in first["data"] + second["data"]] == opened[::-1]


async def test_an_ended_session_can_be_read_but_not_talked_to(api: Api) -> None:
    session_id = await api.session()
    for _ in range(2):  # ending it again changes nothing
        assert (await api.client.delete(f"{CHATOPS}/session/{session_id}")).status_code == 204
    page = await api.get(f"{CHATOPS}/session/{session_id}")
    assert page.json()["is_active"] is False
    refused = await api.post(f"{CHATOPS}/session/{session_id}/chat", {"message": "hello?"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/session-ended")


@pytest.mark.long
async def test_a_conversation_that_is_full_can_be_read_but_not_gone_on_with(api: Api) -> None:
    session_id = await api.session()
    path = f"{CHATOPS}/session/{session_id}"
    for _ in range(600_000 // 16_000 + 1):
        refused = await api.post(f"{path}/chat", {"message": 4000 * "📈"})
        if refused.status_code != 200:
            break
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conversation-full")
    page = await api.get(path)
    history = page.json()["conversation_history"]
    counted_too_much = 100 * len(history)  # at most: tests/unit/session/test_domain.py
    assert 600_000 - counted_too_much < len(page.content) < 1_000_000
    assert history[-1]["role"] == "assistant"


async def test_an_unknown_session_is_a_404(api: Api) -> None:
    for response in (
        await api.get(f"{CHATOPS}/session/unknown"),
        await api.client.delete(f"{CHATOPS}/session/unknown"),
        await api.post(f"{CHATOPS}/session/unknown/chat", {"message": "hello?"}),
    ):
        assert (response.status_code, response.json()["type"]) == (404, "/problems/session-not-found")
        assert response.headers["content-type"] == "application/problem+json"


async def test_a_session_that_is_used_between_two_pages_is_not_missed(api: Api) -> None:
    user = f"user-{uuid.uuid4()}"
    made = [
        (await api.post(f"{CHATOPS}/session/create", {"user_id": user})).json()["session_id"]
        for _ in range(12)
    ]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"user_id": user, "limit": "4", **({"cursor": cursor} if cursor else {})}
        page = (await api.client.get(f"{CHATOPS}/sessions", params=query)).json()
        seen += [session["session_id"] for session in page["data"]]
        if not (cursor := page["next"]):
            break
        await api.say(made[1], "안녕하세요?")  # one that is not shown yet
    assert seen == made[::-1]
