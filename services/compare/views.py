"""Translates comparisons to the contract's views."""

from backchat_contracts import ComparisonCompleted, ComparisonFailed, ComparisonView
from services.compare.ports import Comparison


def view_comparison(completed: ComparisonCompleted) -> ComparisonView:
    return ComparisonView(
        query=completed.query,
        strategies_data=completed.strategies_data,
        total_strategies=completed.total_strategies,
        summary=completed.summary,
    )


def view_outcome(comparison: Comparison) -> ComparisonView | ComparisonFailed:
    """Return the answer to the requester of a comparison that has ended."""
    return comparison.failure or view_comparison(comparison.completed)
