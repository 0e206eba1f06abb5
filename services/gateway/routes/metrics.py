"""The catalogue of performance metrics."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from backchat_contracts import METRICS
from services.gateway.documentation import Examples, problem_responses, response
from services.gateway.response_models import MetricList, MetricView
from services.gateway.routes.responses import as_json

CATALOGUE: Final = MetricList(
    data=tuple(
        MetricView(
            name=name,
            unit=metric.unit,
            direction=metric.direction,
            signed=metric.signed,
            label=metric.label,
            meaning=metric.meaning,
            formula=metric.formula,
            source=metric.source,
            fewest_bars=metric.fewest_bars,
        )
        for name, metric in METRICS.items()
    )
)


def routes() -> APIRouter:
    router = APIRouter(prefix="/api/v1/metrics", tags=["metrics"])

    first = Examples(MetricList, {"the-first-two": MetricList(data=CATALOGUE.data[:2])})

    @router.get("", response_model=MetricList, responses={200: response(first), **problem_responses()})
    async def list_metrics() -> Response:
        """List the metrics of backtests: unit, which end is good, label, meaning, formula and source."""
        return as_json(CATALOGUE)

    return router
