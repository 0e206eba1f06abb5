"""Prices of a provider that is installed beside Backchat, and of a folder of files."""

import time
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from deploy.embedded.stack import Stack
from tests.fake_market_data import DAYS, SYMBOL, set_first_price, write_package
from tests.fakes import eventually
from tests.flows.api import CHATOPS, Api
from tests.servers import Servers

pytestmark = pytest.mark.anyio

READY_SECONDS = 30


@pytest.mark.long
async def test_backtests_run_on_the_chosen_provider_and_again_when_its_prices_change(
    servers: Servers, tmp_path: Path
) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    write_package(packages, "acme")
    settings = {"MARKET_DATA": "acme", "PYTHONPATH": str(packages), "BACKTEST_WORKERS": "1"}
    async with (
        servers(tmp_path) as env,
        Stack(tmp_path, env={**env, **settings}, log=tmp_path / "stack.log") as stack,
        httpx.AsyncClient(base_url=stack.url, timeout=30) as client,
    ):
        api = Api(client)
        asked = {
            "symbols": [SYMBOL],
            "start_date": "2020-01-01",
            "end_date": "2021-05-14",
            "commission_rate": 0.0,
        }
        refused = await api.post(
            f"{CHATOPS}/backtest/trigger", {"strategy_config": {"name": "표본", "symbols": ["AAPL"]}}
        )
        first = await api.ended(await api.trigger(**asked))
        reused = await api.ended(await api.trigger(**asked))
        set_first_price(packages, 100.0)
        stack.supervisor.kill("backtest")
        await stack.supervisor.wait_ready("backtest", READY_SECONDS)
        changed = await api.ended(await api.trigger(**asked))

    assert refused.status_code == 422
    assert SYMBOL in refused.text
    assert first["performance"]["total_return"] == pytest.approx((10 + DAYS - 1) / 11 - 1)
    assert (reused["reused_from"], reused["performance"]) == (first["id"], first["performance"])
    assert "reused_from" not in changed
    assert changed["performance"]["total_return"] == pytest.approx((100 + DAYS - 1) / 101 - 1)


def csv(first: date, closes: list[float]) -> str:
    rows = (f"{first + timedelta(days=number)},{close},{close}" for number, close in enumerate(closes))
    return "\n".join(["Date,Open,Close", *rows, ""])


@pytest.mark.long
async def test_own_prices_are_used_and_new_ones_within_seconds(servers: Servers, tmp_path: Path) -> None:
    folder, first = tmp_path / "market", date(2020, 1, 1)
    folder.mkdir()
    (folder / "ACME.csv").write_text(csv(first, [10.0 + day for day in range(70)]))
    (folder / "BROKEN.csv").write_text(csv(first, [10.0, -1.0, 12.0]))
    async with (
        servers(tmp_path) as env,
        Stack(tmp_path, env={**env, "BACKTEST_WORKERS": "1"}, log=tmp_path / "stack.log") as stack,
        httpx.AsyncClient(base_url=stack.url, timeout=30) as client,
    ):
        api = Api(client)
        found = (await api.get("/api/v1/market/instruments", query="acme")).json()["data"]
        report = (await api.get("/api/v1/market/report")).json()
        asked = {"symbols": ["ACME"], "start_date": "2020-01-01", "commission_rate": 0.0}
        own = await api.ended(await api.trigger(**asked))
        sample = await api.ended(await api.trigger(symbols=["AAPL"]))
        refused = await api.post(
            f"{CHATOPS}/backtest/trigger", {"strategy_config": {"name": "깨짐", "symbols": ["BROKEN"]}}
        )
        (folder / "ACME.csv").write_text(csv(first, [10.0 + day for day in range(71)]))
        changed = time.monotonic()

        async def seen() -> bool:
            page = (await api.get("/api/v1/market/instruments", query="acme")).json()
            return bool(page["data"][0]["bars"] == 71)

        await eventually(seen, 10)
        took = time.monotonic() - changed
        longer = await api.ended(await api.trigger(**asked))
        verified = await api.post(f"/api/v1/backtests/{own['id']}/verify")

    assert [(each["symbol"], each["bars"], each["source"]) for each in found] == [("ACME", 70, "ACME.csv")]
    assert (report["files"], report["instruments"], report["errors"]) == (2, 1, 2)
    places = {(each["file"], each["row"], each["column"]) for each in report["findings"]}
    assert places == {("BROKEN.csv", 3, "Open"), ("BROKEN.csv", 3, "Close")}
    assert own["performance"]["total_return"] == pytest.approx(79 / 11 - 1)
    assert own["provenance"]["fill"] == "open"
    assert sample["status"] == "completed"
    assert refused.status_code == 422
    assert took < 10
    assert (longer["config"]["end_date"], "reused_from" in longer) == ("2020-03-11", False)
    assert longer["performance"]["total_return"] == pytest.approx(80 / 11 - 1)
    assert verified.json()["identical"], "the window is the same, and so are its bars"
