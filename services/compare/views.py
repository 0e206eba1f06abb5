"""Comparisons as contract types: the one place where the two meet."""

from backchat_contracts import ComparisonCompleted, ComparisonView


def view_comparison(completed: ComparisonCompleted) -> ComparisonView:
    return ComparisonView(
        query=completed.query,
        strategies_data=completed.strategies_data,
        total_strategies=completed.total_strategies,
        summary=completed.summary,
    )
