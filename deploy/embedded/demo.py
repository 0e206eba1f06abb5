"""`python -m deploy.embedded.demo`: session, backtests, comparison and chat on real prices, with checks.

Starts the embedded stack on free ports and in a temporary folder, uses it over HTTP and Kafka as any client
does, kills its processes, and checks that everything is still there. Exits with 0 only if all checks passed.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import httpx
from cyclopts import App

from deploy.embedded.demo_output import DemoOutput, WrongError
from deploy.embedded.demo_prices import BROKEN_ROW, mend_prices, write_prices
from deploy.embedded.errors import StackError
from deploy.embedded.listener import BacktestListener, publish_backtest
from deploy.embedded.samples import load_samples
from deploy.embedded.stack import EMBEDDED, Stack
from deploy.services import SERVICES

CHATOPS = "/api/v1/chatops-advanced"
DEADLINE_SECONDS = 30.0
PRICES_SECONDS = 10.0
QUESTION = "어떤 전략이 더 안정적인가요?"
OPPOSITE = "변동성이 가장 큰 전략은?"
FOLLOW_UP = "그 전략의 최대 낙폭은?"
REQUEST = "2010년부터 AAPL로 볼린저 백테스트를 슬리피지 0.5 %로 돌려줘"
SLIPPAGE = 0.005
TOLD = 5
"""Entries of the history that the request, the yes, their answers and the end of the backtest are."""
UNKNOWN = "no-such-strategy"
KILLED = (*SERVICES, "mongodb")

app = App(name="python -m deploy.embedded.demo", help=__doc__, version_flags=[])


class Scenario:
    """The steps of the demo; each uses the results of those before it."""

    def __init__(self, stack: Stack, client: httpx.AsyncClient, output: DemoOutput, prices: Path) -> None:
        self._stack = stack
        self._prices = prices
        self._client = client
        self._output = output
        self._session_id = ""
        self._backtests: dict[str, str] = {}  # id by strategy id
        self._compared: list[dict[str, Any]] = []
        self._verdict: list[dict[str, Any]] = []
        self._history: list[dict[str, Any]] = []

    async def play(self) -> None:
        await self.open_session()
        await self.run_backtests()
        await self.compare()
        await self.chat()
        await self.run_from_chat()
        await self.use_own_prices()
        await self.survive()

    async def open_session(self) -> None:
        self._output.chapter("A session is opened")
        created = await self.call("POST", f"{CHATOPS}/session/create", expect=201)
        self._session_id = created["session_id"]

    async def run_backtests(self) -> None:
        self._output.chapter("Two backtests over HTTP, one straight through Kafka")
        async with BacktestListener(self._stack.kafka) as listener:
            wanted = {"symbols": ["AAPL", "MSFT"], "initial_cash": 100_000, "commission_rate": 0.001}
            for name, kind in (("애플·MS 보유", "buy_and_hold"), ("애플·MS 이동평균", "sma_crossover")):
                body = {"strategy_config": {"name": name, "type": kind, **wanted}, "trigger_reason": "demo"}
                triggered = await self.call("POST", f"{CHATOPS}/backtest/trigger", body, expect=202)
                self._output.check("it is pending", triggered["status"] == "pending")
                await self._finished(listener, triggered["backtest_id"])
            backtest_id = f"kafka-{time.time_ns()}"
            value = {
                "backtest_id": backtest_id,
                "strategy_config": {"name": "애플·MS 모멘텀", "type": "momentum", **wanted},
                "trigger_reason": "event",
            }
            self._output.sent("Kafka", "backtest.requested", value)
            await publish_backtest(self._stack.kafka, value)
            await self._finished(listener, backtest_id)

    async def _finished(self, listener: BacktestListener, backtest_id: str) -> None:
        """Follow a backtest by its events; GET must then show the same."""
        seen = await listener.until_ended(backtest_id, DEADLINE_SECONDS)
        self._output.say(f"events: {' → '.join(status for status, _ in seen)}")
        self._output.check(
            "pending, running, completed", [s for s, _ in seen] == ["pending", "running", "completed"]
        )
        event = seen[-1][1]
        shown = await self.call("GET", f"/api/v1/backtests/{backtest_id}")
        self._output.check("the page says completed", shown["status"] == "completed")
        self._output.check(
            "event and page have the same figures", event["performance"] == shown["performance"]
        )
        self._backtests[shown["strategy_id"]] = backtest_id

    async def compare(self) -> None:
        self._output.chapter("Which one is steadier?")
        body = {"strategy_ids": [*self._backtests, UNKNOWN], "query": QUESTION}
        compared = await self.call("POST", f"{CHATOPS}/strategies/compare", body)
        self._compared = compared["strategies_data"]
        await self._check_figures(self._compared[:-1])
        unknown = self._compared[-1]
        self._output.check(
            "the unknown strategy says so",
            (unknown["name"], unknown["error"]) == ("Unknown Strategy", "전략을 찾을 수 없습니다"),
        )
        steadiest = min(self._compared[:-1], key=lambda entry: entry["volatility"])
        self._output.check("the summary names the steadiest", f"'{steadiest['name']}'" in compared["summary"])
        debug = await self.call("POST", f"{CHATOPS}/strategies/compare/debug", body)
        self._output.check("debug gives the same figures", debug["strategies_data"] == self._compared)
        self._verdict = compared["verdict"]
        leader = self._verdict[0]["leader"]
        self._output.check("the verdict is about the steadiest", leader == steadiest["backtest_id"])
        self._output.check("debug gives the same verdict", debug["verdict"] == self._verdict)
        opposite = await self.call("POST", f"{CHATOPS}/strategies/compare", {**body, "query": OPPOSITE})
        wildest = max(self._compared[:-1], key=lambda entry: entry["volatility"])
        self._output.check(
            "the opposite question names the opposite", f"'{wildest['name']}'" in opposite["summary"]
        )
        stored = await self.get(f"/api/v1/comparisons/{compared['comparison_id']}")
        self._output.check("the comparison can be shown again", stored == compared)

    async def _check_figures(self, entries: Sequence[dict[str, Any]]) -> None:
        for entry in entries:
            stored = await self.get(f"/api/v1/backtests/{self._backtests[entry['strategy_id']]}")
            same = all(entry[name] == value for name, value in stored["performance"].items())
            self._output.check(f"'{entry['name']}' has the figures of its stored result", same)

    async def chat(self) -> None:
        self._output.chapter("The same in a conversation, and a follow-up that needs it")
        first = await self.say(QUESTION)
        figures = {entry["strategy_id"]: entry for entry in self._compared[:-1]}
        steadiest = min(figures.values(), key=lambda entry: entry["volatility"])
        self._output.check("the answer names the steadiest", f"'{steadiest['name']}'" in first["answer"])
        second = await self.say(FOLLOW_UP)
        drawdown = f"{steadiest['max_drawdown']:+.2%}".replace("%", " %")
        self._output.check(f"the follow-up quotes its drawdown, {drawdown}", drawdown in second["answer"])
        self._output.check(
            "and is about that one alone", second["turn"]["strategy_ids"] == [steadiest["strategy_id"]]
        )
        self._history = await self.history()
        self._output.check("four messages are kept", len(self._history) == 4)  # noqa: PLR2004 - two turns

    async def run_from_chat(self) -> None:
        self._output.chapter("A backtest from the conversation, which hears of its end")
        proposal = await self.say(REQUEST)
        self._output.check("it is shown before it runs", "실행할까요?" in proposal["answer"])
        await self.say("응")
        started = time.monotonic()
        while len(history := await self.history()) < len(self._history) + TOLD:
            if time.monotonic() - started > DEADLINE_SECONDS:
                raise WrongError(f"the end of the backtest was not told within {DEADLINE_SECONDS:g} s")
            await anyio.sleep(0.1)
        self._history = history
        self._output.say(f"told    {history[-1]['content']}")
        (call,) = history[-2]["tools"]
        shown = await self.get(f"/api/v1/backtests/{call['id']}")
        self._output.check("it ran with a slippage of 0.5 %", shown["config"]["slippage_rate"] == SLIPPAGE)
        total = f"{shown['performance']['total_return']:+.2%}".replace("%", " %")
        self._output.check(f"its end is told with its return, {total}", total in history[-1]["content"])

    async def history(self) -> list[dict[str, Any]]:
        session = await self.get(f"{CHATOPS}/session/{self._session_id}")
        history: list[dict[str, Any]] = session["conversation_history"]
        return history

    async def say(self, message: str) -> dict[str, Any]:
        return await self.call("POST", f"{CHATOPS}/session/{self._session_id}/chat", {"message": message})

    async def use_own_prices(self) -> None:
        self._output.chapter("Prices of your own, one file of which is broken")
        write_prices(self._prices)
        self._output.say("HANBIT.csv and NARAE.csv are put into the folder market/")
        await self._until_listed("HANBIT")
        report = await self.call("GET", "/api/v1/market/report")
        error = next(each for each in report["findings"] if each["severity"] == "error")
        place = (error["file"], error["row"], error["column"])
        self._output.check(f"the report names {place}", place == ("NARAE.csv", BROKEN_ROW, "Close"))
        body = {"strategy_config": {"name": "한빛 돈키언", "type": "donchian", "symbols": ["HANBIT"]}}
        triggered = await self.call("POST", f"{CHATOPS}/backtest/trigger", body, expect=202)
        shown = await self._completed(triggered["backtest_id"])
        self._output.check("a backtest runs on the file that is right", shown["status"] == "completed")
        mend_prices(self._prices)
        await self._until_listed("NARAE")
        self._output.check("the other one is read again when it is mended", right=True)
        verified = await self.call("POST", f"/api/v1/backtests/{shown['id']}/verify")
        self._output.check("the backtest, run again, gives the same", verified["identical"])

    async def _until_listed(self, symbol: str) -> None:
        """Wait until an instrument has prices. Raises WrongError if it takes too long."""
        started = time.monotonic()
        while not (await self.get(f"/api/v1/market/instruments?query={symbol}"))["data"]:
            if time.monotonic() - started > PRICES_SECONDS:
                raise WrongError(f"{symbol} has no prices after {PRICES_SECONDS:g} s")
            await anyio.sleep(0.2)
        self._output.say(f"{symbol} has prices after {time.monotonic() - started:.1f} s")

    async def _completed(self, backtest_id: str) -> dict[str, Any]:
        """Wait for a backtest's end by the stream of its events, and return how it is shown."""
        events = f"/api/v1/backtests/{backtest_id}/events"
        async with self._client.stream("GET", events) as stream:
            async for _ in stream.aiter_lines():
                pass
        return await self.call("GET", f"/api/v1/backtests/{backtest_id}")

    async def survive(self) -> None:
        self._output.chapter("kill -9 for all services and the database")
        supervisor = self._stack.supervisor
        for name in KILLED:
            supervisor.kill(name)
            self._output.say(f"killed {name}")
        for name in KILLED:
            await supervisor.wait_ready(name, DEADLINE_SECONDS)
        self._output.say("all are up again")
        session = await self.get(f"{CHATOPS}/session/{self._session_id}")
        self._output.check(
            "the conversation is still there", session["conversation_history"] == self._history
        )
        body = {"strategy_ids": [*self._backtests, UNKNOWN], "query": QUESTION}
        debug = await self.call("POST", f"{CHATOPS}/strategies/compare/debug", body, quiet=True)
        self._output.check("so are the figures", debug["strategies_data"] == self._compared)
        self._output.check("and the statistics, computed again", debug["verdict"] == self._verdict)
        strategies = await self.get("/api/v1/strategies")
        kept = {entry["strategy_id"] for entry in strategies["data"]}
        self._output.check("and the catalogue", kept >= set(self._backtests))
        third = await self.say("그 전략의 샤프 비율은?")
        self._output.check("and the conversation goes on", third["turn"]["strategy_ids"] != [])

    async def get(self, path: str) -> dict[str, Any]:
        return await self.call("GET", path, quiet=True)

    async def call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        expect: int = 200,
        quiet: bool = False,
    ) -> dict[str, Any]:
        """Send a request, print it, and return its answer."""
        started = time.perf_counter()
        response = await self._client.request(method, path, json=body)
        milliseconds = 1000 * (time.perf_counter() - started)
        if not quiet:
            self._output.sent(method, path, body)
            self._output.received(response.status_code, milliseconds, response.json())
        if response.status_code != expect:
            raise WrongError(f"{method} {path}: {response.status_code} instead of {expect}: {response.text}")
        answer: dict[str, Any] = response.json()
        return answer


@app.default
async def demo() -> int:
    """Run the scenario."""
    output = DemoOutput()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="backchat-demo-") as folder:
        log = Path(folder) / "stack.log"
        try:
            output.say("starting a broker, a database and the services ...")
            async with Stack(Path(folder), env=EMBEDDED, log=log) as stack:
                await load_samples(stack.url)
                output.say(f"ready  {stack.url}  after {time.monotonic() - started:.1f} s")
                async with httpx.AsyncClient(base_url=stack.url, timeout=DEADLINE_SECONDS) as client:
                    await Scenario(stack, client, output, Path(folder, "market")).play()
        except (StackError, WrongError, httpx.HTTPError, TimeoutError) as error:
            output.failed(error, log)
            return 1
    output.ended(time.monotonic() - started)
    return 0


if __name__ == "__main__":
    sys.exit(app())
