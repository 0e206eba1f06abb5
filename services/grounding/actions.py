"""Actions that a text claims, of which a tool must have done each."""

from collections.abc import Iterator

from services.grounding.facts import Facts
from services.grounding.reading import Reading
from services.grounding.vocabulary.actions import ALSO, ALSO_STARTED, CLAIMS, OFFERED


def claimed_actions(reading: Reading, facts: Facts) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a sentence that claim an action which was not done."""
    if OFFERED.search(reading.text):
        return
    for action, pattern in CLAIMS.items():
        others = (ALSO_STARTED,) if action == "started" else (ALSO[action],)
        for each in (pattern, *others):
            if action not in facts.done and (found := each.search(reading.text)):
                yield found.span()
                break
