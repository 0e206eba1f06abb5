"""Cuts the event of a comparison to a size that a record can have; the stored comparison is whole."""

from collections.abc import Callable
from typing import Final

from backchat_contracts import ComparisonCompleted

MOST_RANKED: Final = 20
MOST_FIGURES: Final = 50

Cut = Callable[[ComparisonCompleted], dict[str, object]]


def _without_figures(event: ComparisonCompleted) -> dict[str, object]:
    return {
        name: window and window.model_copy(update={"figures": ()})
        for name, window in (("common_window", event.common_window), ("window", event.window))
    }


def _first_ranked(event: ComparisonCompleted) -> dict[str, object]:
    cut = (each.model_copy(update={"entries": each.entries[:MOST_RANKED]}) for each in event.ranking)
    return {"ranking": tuple(cut)}


CUTS: Final[tuple[tuple[str, Cut], ...]] = (
    ("pairs", lambda _: {"pairs": ()}),
    ("common_window", _without_figures),
    ("ranking", _first_ranked),
    ("strategies_data", lambda event: {"strategies_data": event.strategies_data[:MOST_FIGURES]}),
    ("comparability", lambda _: {"comparability": None}),
)
"""What is left out, in this order, until the rest fits."""


def fit(event: ComparisonCompleted, most: int) -> ComparisonCompleted:
    """Return an event of at most so many bytes of JSON, which names what is not whole in `left_out`."""
    left_out: tuple[str, ...] = ()
    for name, cut in CUTS:
        if len(event.model_dump_json().encode()) <= most:
            break
        left_out += (name,)
        event = event.model_copy(update={**cut(event), "left_out": left_out})
    return event
