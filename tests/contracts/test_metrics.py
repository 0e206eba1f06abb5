"""The catalogue of metrics is complete, and events and replies carry exactly its metrics."""

from typing import get_args

import pytest

from backchat_contracts import METRICS, Metric, MetricValues, Performance, StrategyFigures
from backchat_contracts.metrics import Direction, Unit
from tests.builders import figures, performance

each_metric = pytest.mark.parametrize(("name", "metric"), METRICS.items())


@each_metric
def test_a_metric_says_what_it_is_in_both_languages(name: str, metric: Metric) -> None:
    assert metric.unit in get_args(Unit)
    assert metric.direction in get_args(Direction)
    assert all(text for each in (metric.label, metric.meaning) for text in (each.ko, each.en))
    assert metric.meaning.en.endswith(".")
    schema = MetricValues.model_json_schema()["properties"][name]
    assert schema["description"] == f"{metric.meaning.en} Unit: {metric.unit}."


@each_metric
def test_a_metric_is_a_field_of_results_and_of_comparisons(name: str, metric: Metric) -> None:
    for model in (Performance, StrategyFigures):
        assert metric in model.model_fields[name].metadata


@each_metric
def test_only_a_signed_metric_is_negative(name: str, metric: Metric) -> None:
    if metric.unit in {"fraction", "money", "count"} and not metric.signed:
        # a metric that is optional may be None
        assert all((getattr(values, name) or 0) >= 0 for values in (performance(), figures()))


def test_a_result_has_the_metrics_and_nothing_else() -> None:
    assert list(Performance.model_fields) == list(METRICS)
