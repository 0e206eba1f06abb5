"""Actions that a text claims, of which a tool must have done each."""

import re
from collections.abc import Iterator
from typing import Final

from services.grounding.facts import Facts
from services.grounding.reading import Reading
from services.grounding.vocabulary.actions import ALSO, ALSO_STARTED, CLAIMS, DENIED, OFFERED

_CLAUSE: Final = re.compile(r"[^;,:.!\n—]*$")
_REST: Final = re.compile(r"[^;,:.!\n—]*")


def claimed_actions(reading: Reading, facts: Facts) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a sentence that claim an action which was not done."""
    for action, pattern in CLAIMS.items():
        if action in facts.done:
            continue
        also = ALSO_STARTED if action == "started" else ALSO[action]
        found = (each for listed in (pattern, also) for each in listed.finditer(reading.text))
        if claim := next((each for each in found if not _is_offer(reading.text, each)), None):
            yield claim.span()


def _is_offer(text: str, claim: re.Match[str]) -> bool:
    """Whether a claim is only offered, asked or denied: "shall I", "once you confirm", 않았습니다."""
    before, rest = _CLAUSE.search(text, 0, claim.start()), _REST.match(text, claim.end())
    start = before.start() if before else claim.start()
    end = rest.end() + 1 if rest else claim.end()
    return OFFERED.search(text, 0, claim.start()) is not None or DENIED.search(text, start, end) is not None
