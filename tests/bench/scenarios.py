"""The measured requests, each with its bars and with the floor that it is compared with."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args
from urllib.parse import quote, urlsplit

from backchat_contracts import strategy_id
from deploy.kafka.cluster import Kafka
from tests.bench.errors import BenchError
from tests.bench.figures import Bars
from tests.bench.load import Connection, http_request

CHATOPS = "/api/v1/chatops-advanced"
BACKTESTS = "/api/v1/backtests"
STRATEGIES = ("매수 후 보유", "이동평균 교차", "6개월 모멘텀")
YEAR = {"start_date": "2012-03-01", "end_date": "2013-03-01"}
SEED_SECONDS = 60.0
ANSWER_SECONDS = 30.0
POLL_SECONDS = 0.1

FloorPath = Literal["insert", "find"]


NO_BARS = Bars()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A request and its bars. Clients send `requests` cyclically.

    `apache_p50_floors` replaces the bar of the p50 at 1 client on Apache Kafka, whose own latency is lower.
    """

    name: str
    floor: FloorPath
    requests: Sequence[str]
    bars: Bars = NO_BARS
    apache_p50_floors: float | None = None

    def bars_on(self, kafka: Kafka) -> Bars:
        apache = kafka == "apache" and self.apache_p50_floors is not None
        return replace(self.bars, p50_floors=self.apache_p50_floors) if apache else self.bars


FLOORS: dict[FloorPath, str] = {path: http_request("POST", f"/{path}") for path in get_args(FloorPath)}

COMPARED = {
    "strategy_ids": [strategy_id(name) for name in STRATEGIES],
    "query": "어떤 전략이 더 안정적인가요?",
}

CREATE = Scenario(
    "session.create",
    "insert",
    [http_request("POST", f"{CHATOPS}/session/create", {"user_id": "bench"})],
    Bars(p50_floors=1.6, p99_ms=100, rate_share=0.65),
    apache_p50_floors=2.0,
)
COMPARE = Scenario(
    "compare.debug",
    "find",
    [http_request("POST", f"{CHATOPS}/strategies/compare/debug", COMPARED)],
    Bars(p50_floors=1.6, p99_ms=200, rate_share=0.65),
    apache_p50_floors=2.0,
)


def trigger_body(name: str) -> dict[str, Any]:
    """Return the body of a trigger; `fresh`, because equal backtests would share a result."""
    config = {"name": name, "symbols": ["AAPL", "MSFT"], **YEAR}
    return {"strategy_config": config, "user_id": "bench", "fresh": True}


TRIGGER = Scenario(
    "backtest.trigger",
    "insert",
    [http_request("POST", f"{CHATOPS}/backtest/trigger", trigger_body(STRATEGIES[1]))],
    Bars(p50_floors=2.6, p99_ms=500, rate_share=0.5),
)


def get(backtest_ids: Sequence[str]) -> Scenario:
    """Return the scenario of reading these backtests, one after the other."""
    return Scenario(
        "backtest.get", "find", [http_request("GET", f"{BACKTESTS}/{id_}") for id_ in backtest_ids]
    )


async def seed(url: str) -> None:
    """Run a backtest of each strategy, and wait until a comparison has figures of them all.

    Raises:
        BenchError: it took too long, or a request was refused.

    """
    for name in STRATEGIES:
        await _json(202, "POST", f"{url}{CHATOPS}/backtest/trigger", trigger_body(name))
    try:
        async with asyncio.timeout(SEED_SECONDS):
            while True:
                data = await _json(200, "POST", f"{url}{CHATOPS}/strategies/compare/debug", COMPARED)
                if not any("error" in strategy for strategy in data["strategies_data"]):
                    return
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError as error:
        raise BenchError(f"no completed backtests within {SEED_SECONDS:g} s") from error


async def completed_ids(url: str) -> list[str]:
    """Return the ids of the latest completed backtests, 200 at most."""
    page = await _json(200, "GET", f"{url}{BACKTESTS}?status=completed&limit=200")
    return [quote(backtest["id"]) for backtest in page["data"]]


async def _json(expected: int, method: str, url: str, body: Mapping[str, Any] | None = None) -> Any:
    """Send a request and return the JSON of its answer, which must have the expected status."""
    address = urlsplit(url)
    connection = Connection(*await asyncio.open_connection(address.hostname, address.port))
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            path = f"{address.path}?{address.query}"
            status = await connection.ask(http_request(method, path, body).encode())
    finally:
        connection.close()
    if status != expected:
        raise BenchError(f"{method} {url}: {status} {connection.body[:300]!r}")
    return json.loads(connection.body)
