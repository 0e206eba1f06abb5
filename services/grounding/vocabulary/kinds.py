"""The words that say what a figure is of its metric: a value, an end of an interval, a difference."""

import re
from typing import Final

INTERVAL: Final = re.compile(
    r"interval|confidence|\bCI\b|\bbounds?\b|\brange|between|spans?\b|reach(?:es)? from|runs? from|"
    r"\b(?:lower|upper) (?:end|limit)|구간|하한|상한|범위|에서 .*까지",
    re.IGNORECASE | re.DOTALL,
)
DIFFERENCE: Final = re.compile(
    r"differ|\bgap\b|\blead|\bedge\b|advantage|margin|spread|\bby\b|ahead|behind|higher|lower|more|less|better|worse|"
    r"above|below|larger|smaller|greater|improve|exceed|outperform|beats?\b|trail|lag|than|"
    r"차이|격차|간격|앞|뒤|높|낮|많|적|크|큰|작|우위|더|보다|웃돌|밑돌|벌어|초과",
    re.IGNORECASE,
)
AS_DIFFERENCE_BEFORE: Final = re.compile(
    r"\b(?:higher|lower|better|worse|ahead|behind|leads?|led|beats?|wins?|outperform\w*|underperform\w*|"
    r"exceed\w*|trails?|trailed|lags?|lagged|smaller|larger|greater|improve[sd]?|differ)\b[^.,;]{0,40}\bby\s*$|"
    r"\b(?:difference|gap|edge|advantage|margin)\b[^.,;]{0,40}\b(?:of|is|was|comes to)\s*$|"
    r"(?:차이|격차)(?:는|가|도)?\s*(?:약\s)?$",
    re.IGNORECASE,
)
AS_DIFFERENCE_AFTER: Final = re.compile(
    r"\s?(?:만큼|정도|가량)\s?(?:더\s?)?(?:높|낮|앞|뒤|많|적|크|큰|작)|\s?(?:의\s)?(?:차이|격차)|"
    r"\s(?:higher|lower|ahead of|behind|better|worse|more than|less than)\b(?! the)"
)
BOUNDS_JOINED: Final = re.compile(r"\s*(?:to|~|-|에서|부터|through|up to)\s*")
