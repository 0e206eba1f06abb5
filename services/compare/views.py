"""Translates comparisons to the contract's views."""

from backchat_contracts import ComparisonAnswer, ComparisonCompleted, ComparisonFailed, ComparisonView
from services.compare.ports import Comparison


def view_comparison(completed: ComparisonCompleted) -> ComparisonView:
    return ComparisonView.model_construct(
        **{name: getattr(completed, name) for name in ComparisonAnswer.model_fields},
        comparison_id=completed.comparison_id,
    )


def view_outcome(comparison: Comparison) -> ComparisonView | ComparisonFailed | None:
    """Return the answer to the requester of a comparison that has ended; None: it has not."""
    if comparison.completed is None:
        return comparison.failure
    return view_comparison(comparison.completed)
