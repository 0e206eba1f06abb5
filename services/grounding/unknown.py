"""Names beside figures that are of no strategy of the data: they can't be a figure's owner."""

import re
from collections.abc import Iterator
from typing import Final

from services.grounding.marks import FIGURE, NAME
from services.grounding.reading import Reading
from services.grounding.vocabulary.metrics import METRIC_TEXT

_OWNS: Final = (
    r"(?:['’]s\b|\s*[(:]|\s+(?:has|had|returned|lost|gained|earned|made|posted|delivered|shows?|achieved|with|at)\b|"
    r"(?:\s?전략)?(?:의|은|는|이|가)(?=\s))"
)
_QUOTED: Final = re.compile(
    r"(?:[\"“”「『](?P<double>[^\"“”「」『』\n]{1,40})[\"“”」』]|(?<![A-Za-z0-9])['‘](?P<single>[^'‘’\n]{1,40})['’](?![A-Za-z]))"
    + _OWNS
)
_CAPITALS: Final = re.compile(r"(?P<plain>\b[A-Z][a-z]+(?:\s[A-Z][a-z]+)+)" + _OWNS.replace("[(:]", "\\("))
_FUNCTION: Final = re.compile(
    r"(?:The|This|That|These|Those|Its|It|In|On|At|For|With|And|But|Of|By|As|All|Both|Here|There|Over|Your|My|Our|"
    r"Strategy|Compared|Against|While|Although|Overall|Benchmark|Total|Annual|Final|Maximum|Win|Buy)\b"
)


def unknown_names(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield quoted or capitalised names that own a figure of their clause, and are of no strategy."""
    text = reading.text
    for pattern in (_QUOTED, _CAPITALS):
        for found in pattern.finditer(text):
            said = next(each for each in found.groups() if each)
            following = re.match(rf"[^;\n{NAME}{FIGURE}]{{0,60}}{FIGURE}", text[found.end() :])
            if following is None or not re.search(r"[^\W\d_]", said) or METRIC_TEXT.search(said):
                continue
            if NAME not in said and not _FUNCTION.match(said):
                yield found.start(), found.end()
