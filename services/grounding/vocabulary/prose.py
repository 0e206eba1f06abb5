"""The words around numbers in prose: of thresholds, periods, ranks, and of lists of thoughts."""

import re
from typing import Final

MONTHS: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"

THRESHOLD_BEFORE: Final = re.compile(
    r"(?:\b(?:above|over|below|under|beyond|exceed(?:s|ed|ing)?|at least|at most|no (?:more|less) than|"
    r"(?:more|less|greater|higher|lower|better|worse|fewer|larger|smaller|deeper|shallower) than|up to|"
    r"thresholds?(?: of| is| was)?|"
    r"cut-?offs?(?: of| at)?|bar of|bar at|limit of|limit is|target of|minimum(?: of)?|maximum of|"
    r"hurdle of|within|between|"
    r"clears?|cleared|clearing|pass(?:es|ed)?|meets?|met|criterion of|condition of|requirement of|"
    r"asked for|requested)|"
    r"(?:기준(?:인|은|선인)?|조건(?:인|은)?|요청하신|말씀하신|물으신|문턱(?:인)?|한도(?:인)?|목표(?:인)?)|"
    r"[<>≤≥]=?)"
    r"(?:\s*(?:a|an|the|your|that|of|to|sharpe|sortino|calmar|ratio|return|drawdown|volatility|just|bar|"
    r"샤프|비율|수익률|낙폭))*\s*[\"'(]?\s*[-+$₩€]?\s*$",
    re.IGNORECASE,
)
THRESHOLD_AFTER: Final = re.compile(
    r"\s*[\"')]?\s*(?:%|percent|퍼센트|프로|배|년|원|달러)?\s*(?:thresholds?\b|limit\b|cut-?off|bar\b|"
    r"mark\b|hurdle\b|target\b|criterion|or (?:more|less|higher|lower|better|above|below|greater|worse|"
    r"deeper)\b|"
    r"you (?:asked|set|gave|mentioned|named)|이상|이하|초과|미만|(?:을|를|은|는)?\s?(?:못\s?)?넘|(?:을|"
    r"를)?\s?(?:밑돌|웃돌|상회|하회|초과)|보다\s?(?:높|낮|크|큰|작|많|적|깊|얕)|(?:이라는|"
    r"라는)?\s?(?:기준|조건|문턱|한도|목표)|이내|"
    r"안쪽|아래(?!에서)|에 (?:못 )?미치|에 미달)",
    re.IGNORECASE,
)
PERIOD_BEFORE: Final = re.compile(
    r"(?:\b(?:last|past|previous|recent|latest|trailing|final|first|prior)|최근|지난|과거|직전|마지막|"
    r"근래|처음)\s*(?:about\s*|약\s*)?$",
    re.IGNORECASE,
)
PERIOD_AFTER: Final = re.compile(
    r"[\s-]*(?:years?|months?|weeks?|days?|년|개월|달|주|일)?[\s-]*(?:window|period|horizon|lookback|"
    r"backtest|동안|간의|간 |기간|치\b|치 |구간)",
    re.IGNORECASE,
)
YEAR_BEFORE: Final = re.compile(
    r"\b(?:in|during|for|since|about|of|before|after|until|from|to|through|year|on)\s*$", re.IGNORECASE
)
DENIED: Final = re.compile(
    r"\b(?:no|not|none|never|cannot|only)\b|n['’]t\b|않|못|없|아니|아닌|만의|모르|모릅", re.IGNORECASE
)
RANK_BEFORE: Final = re.compile(
    r"(?:\b(?:top|bottom|best|worst|first|last|rank(?:s|ed)?(?: as)?|number|no\.?|the other|leading)|#|"
    r"상위|하위|최고|최악|앞선|톱|탑)\s*$",
    re.IGNORECASE,
)
RANK_VERB: Final = re.compile(
    r"(?:\b(?:rank(?:s|ed|ing)?|com(?:es|e|ing)|came|finish(?:es|ed)?|plac(?:es|ed)|is|was|are|sits?|"
    r"stands?|takes?|took)(?: in| at| the| a)*\s*)$",
    re.IGNORECASE,
)
RANKED_BY: Final = re.compile(
    r"[\s-]*(?:(?P<high>highest|largest|most|biggest|greatest|longest|로?\s?(?:가장\s)?(?:높|큰|많|긴))|"
    r"(?P<low>lowest|smallest|fewest|least|shortest|로?\s?(?:가장\s)?(?:낮|작|적|짧))|"
    r"(?P<best>best|safest|steadiest|로?\s?(?:좋|우수|안정|안전))|(?P<worst>worst|riskiest|deepest|"
    r"로?\s?(?:나쁜|나쁘|위험|깊)))",
    re.IGNORECASE,
)
"""From which end a rank is counted."""
DISCOURSE_NOUN: Final = re.compile(
    r"\s*(?:(?:main|key|other|important|different|separate|further|more|brief|quick|possible)\s+)?"
    r"(?:reasons?|things?|ways|aspects?|sides|caveats?|cautions?|notes?|questions?|remarks?|steps?|"
    r"respects?|considerations?|"
    r"observations?|takeaways?|metrics|measures|counts\b|fronts|criteria|factors?|words?)\b|\s*(?:가지|"
    r"개)?의?\s?(?:이유|지표|기준|측면|주의|사항|질문|방법|관점|의미|원인|요인|면에서|유의|참고|"
    r"가지 (?:이유|점|측면|주의|사항))",
    re.IGNORECASE,
)
"""What a writer counts that is no part of the data."""
DISCOURSE_BEFORE: Final = re.compile(
    r"(?:이유|원인|측면|질문|방법|요인|점|차이점)(?:은|는|이|가|도|으로는|로는)?\s*(?:크게\s*)?$"
)
DEFINITE_BEFORE: Final = re.compile(r"\b(?:the|these|those|both|your)\s*$", re.IGNORECASE)
DEFINITE_AFTER: Final = re.compile(
    r"\s?(?:개(?:의)?\s?)?전략(?:의|은|는|\s?간|\s?사이|\s?모두|\s?중|을 비교|\s?다)"
)
"""What makes "two" those that were spoken of."""
LISTED: Final = re.compile(r"(?:^|\n)\s*(?:[-•]\s*|#{1,6}\s*)?$|(?:^|[,;:.]\s|\band\s|\n)\s*\($")
"""What precedes the number of an item of a list."""
SET_BEFORE: Final = re.compile(
    r"\b(?:all|the|these|those|other|remaining|both|either of the|(?:best|worst|last|out|one|none|each|"
    r"any|most|first|top|two) of)\s*$",
    re.IGNORECASE,
)
OTHERS: Final = re.compile(r"\b(?:other|remaining|rest)\s*$|(?:나머지|다른)\s*$", re.IGNORECASE)
INTERVAL: Final = re.compile(r"confidence|interval|신뢰|구간|credible|\bCI\b|level|수준", re.IGNORECASE)
SIGNIFICANCE: Final = re.compile(r"significan|level|alpha|유의", re.IGNORECASE)
ZERO_BEFORE: Final = re.compile(
    r"(?:different from|distinguishable from|includ(?:es|e|ing)|contain(?:s|ing)?|cover(?:s|ing)?|"
    r"span(?:s|ning)?|cross(?:es|ing)?|"
    r"exclud(?:es|e|ing)|straddl(?:es|e|ing))\s*$",
    re.IGNORECASE,
)
ZERO_AFTER: Final = re.compile(
    r"\s*(?:(?:을|를|이|은|과|와|에서)?\s?(?:포함|걸치|걸쳐|다르|다름|구별|구분|벗어|제외|넘나))"
)
"""Zero as what an interval holds."""
DEFINED: Final = re.compile(
    r"\bone (?:trading )?day in twenty|\bone in twenty days|스무 ?날 ?(?:중|가운데) ?하루|20일 ?(?:중|"
    r"가운데) ?하루|"
    r"\b5(?:th|-th)? ?(?:%|percent)?[ -]percentile|\bfifth percentile|5 ?% ?분위(?:수)?|"
    r"252(?= (?:trading )?days (?:a|per) year|-day year)|252 ?거래일(?= ?기준)|(?:one|two)-(?:sided|"
    r"tailed)|risk-free rate (?:is |of |was )?(?:taken as |taken to be |assumed to be |set to )?(?:zero|"
    r"0)\b|무위험 (?:수익률|이자율|금리)(?:은|는|을|를)? ?(?:0|영)|third-party",
    re.IGNORECASE,
)
"""Numbers of the definitions of metrics and tests."""
MADE_MONEY: Final = re.compile(
    r"\b(?:made (?:a )?(?:money|profit)|profitable|gained|in profit|positive (?:total )?returns?)\b|"
    r"수익을? ?(?:냈|낸|내)|이익을? ?(?:냈|낸)|플러스",
    re.IGNORECASE,
)
LOST_MONEY: Final = re.compile(
    r"\b(?:lost(?: money)?|unprofitable|made a loss|negative (?:total )?returns?)\b|손실을? ?(?:봤|보|냈|"
    r"낸|본|기록)|손해를? ?(?:봤|본)|마이너스",
    re.IGNORECASE,
)
BEAT_BENCHMARK: Final = re.compile(
    r"\b(?:beat|beats|outperform(?:ed|s)?|ahead of|above)\b[^.,;]{0,20}(?:benchmark|market|\ue001)|"
    r"(?:벤치마크|시장|\ue001)\S* ?(?:이겼|이긴|웃돌|앞섰|앞선)",
    re.IGNORECASE,
)
"""What a count of strategies can be of, where the figures tell how many."""
