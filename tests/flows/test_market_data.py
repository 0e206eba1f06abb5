"""A provider of prices that is installed beside Backchat and chosen by a setting."""

from pathlib import Path

import httpx
import pytest

from deploy.embedded.stack import Stack
from tests.fake_market_data import DAYS, SYMBOL, set_first_price, write_package
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
