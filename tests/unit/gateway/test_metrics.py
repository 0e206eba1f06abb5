"""The catalogue of metrics over HTTP."""

import pytest

from backchat_contracts import METRICS
from tests.unit.gateway.client import V1, connected

pytestmark = pytest.mark.anyio


async def test_the_metrics_are_listed_without_asking_a_service() -> None:
    async with connected() as client:
        response = await client.http.get(f"{V1}/metrics")

        assert response.status_code == 200
        assert client.request_client.asked == []
        listed = response.json()["data"]
        assert [entry["name"] for entry in listed] == list(METRICS)
        drawdown = next(entry for entry in listed if entry["name"] == "max_drawdown")
        assert drawdown == {
            "name": "max_drawdown",
            "unit": "fraction",
            "direction": "higher_is_better",
            "signed": True,
            "label": {"ko": "최대 낙폭", "en": "maximum drawdown"},
            "meaning": METRICS["max_drawdown"].meaning.model_dump(),
            "formula": "min(E_t / max(E_0..E_t) - 1)",
            "source": None,
            "fewest_bars": 0,
        }
