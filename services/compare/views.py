"""Comparisons as contract types: the one place where the two meet."""

from backchat_contracts import ComparisonCompleted, ComparisonFailed, ComparisonView
from services.chassis.storage.mongo import Document


def view_comparison(completed: ComparisonCompleted) -> ComparisonView:
    return ComparisonView(
        query=completed.query,
        strategies_data=completed.strategies_data,
        total_strategies=completed.total_strategies,
        summary=completed.summary,
    )


def view_outcome(document: Document) -> ComparisonView | ComparisonFailed:
    """Return what the requester of a comparison that has ended was answered."""
    if failure := document.get("failure"):
        return ComparisonFailed.model_validate(failure)
    return view_comparison(ComparisonCompleted.model_validate(document["comparison"]))
