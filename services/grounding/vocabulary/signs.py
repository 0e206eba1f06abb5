"""The words and characters beside a figure that would change it."""

import re
from typing import Final

from services.grounding.marks import FIGURE

_FLAGS: Final = re.IGNORECASE
_Q: Final = r"[\"'(\[‘“]*"
_QA: Final = r"[\"')\]’”]*"

SIGN_BEFORE: Final = re.compile(
    rf"(?:[+±$€£₩¥^×÷]\s?|[:=(]\s*[-—]\s*|(?<!{FIGURE})-|\b(?:minus|plus|neg\.|(?:negative|"
    rf"positive)(?!\s*\())\s+(?:about\s+|roughly\s+)?|"
    rf"\b(?:usd|krw|eur)\s?|(?:마이너스|플러스|음의|양의|미화|원화)\s?(?:약\s?)?|약\s?[-+]\s?|"
    rf"(?<![a-z])x\s?(?={_Q}$)){_Q}$",
    _FLAGS,
)
"""A sign or currency before a figure."""
LIST_MARK: Final = re.compile(rf"(?:^|\n)\s*-{_Q}$")
UNIT_AFTER: Final = re.compile(
    rf"{_QA}\s?(?:[%‰×^°]|-?\s?(?:percent\w*|per cent|pct|pp|p\.p\.|bps?|basis[\s-]points?|points?|pips?|"
    rf"ticks?|fold|bn|billion|million|mn|m|"
    r"thousand|hundred|k|dozens?|dollars?|usd|won|krw|euros?|eur|cents?|sigmas?|standard deviations?|"
    r"x)\b(?!-)|"
    r"(?:퍼센트|프로(?!그램|세스|젝트)|%p|포인트|비피|bp|퍼밀|배(?!당|분|경|제|치|정|우)|조(?=\s?(?:원|"
    r"달러))|억|천(?=\s?(?:원|달러|만)|[\s.,]|$)|만(?=\s?(?:원|달러|배|번|회|건))|"
    r"원(?!금|인|칙|래|본)|달러|유로|백(?=\s?(?:원|달러|만))|십(?=\s?(?:원|달러|만)|[\s.,]|$)|"
    r"할(?=[\s.,의]|$)))|"
    rf"{_QA}\+|{_QA}[eE][-+]?\d",
    _FLAGS,
)
"""A unit after a figure, which has its own."""
COUNT_UNIT_AFTER: Final = re.compile(
    rf"{_QA}\s?-?\s?(?:(?:calendar|trading|business)?\s?(?:years?|months?|weeks?|days?|hours?|quarters?|"
    rf"times)\b|"
    r"(?:개월|년|주일|주(?=간|동안|[\s.,]|$)|거래일|영업일|일(?=간|동안|[\s.,]|$|이|입)|시간|분기|번|회|"
    r"차례|건|개|배))",
    _FLAGS,
)
"""A unit of counts or times after a figure."""

_LINK: Final = (
    r"(?:\s+(?:by|of|about|only|just|nearly|roughly|"
    rf"a|an|some|at|was|is|total|in|around|over|to|return|losses|gains))*\s*{_Q}$"
)
GAIN_BEFORE: Final = re.compile(
    rf"\b(?:gain(?:s|ed|ing)?|earn(?:s|ed|ing)?|profit(?:s|ed)?|rose|rises?|rising|grew|grows|made|makes|"
    rf"up|increas(?:e|es|ed)|climb(?:s|ed)|surplus|advanced|won){_LINK}",
    _FLAGS,
)
LOSS_BEFORE: Final = re.compile(
    rf"(?:\b(?:los(?:t|es?|ing)|loss(?:es)?|fell|falls?|declin(?:e|es|ed)|dropp?(?:s|ed)?|down|"
    rf"decreas(?:e|es|ed)|shed|shrank|sank|shrunk|deficit|slid|slipped){_LINK})|"
    r"(?:손실|손실률|손실폭|손해|하락률|하락폭|적자)[은는이가도률]?\s?(?:약 |총 |무려 )?\(?$",
    _FLAGS,
)
GAIN_AFTER: Final = re.compile(
    rf"{_QA}\s?(?:의|을|를|만큼|나|이나|로|정도)?\s?(?:수익(?!률|율|성)|이익(?! 계수)|순이익|상승|증가|"
    rf"올랐|오른|오르|벌었|벌어|번 |늘|흑자|성장했|(?:gain|profit|increase|rise)\b)",
    _FLAGS,
)
LOSS_AFTER: Final = re.compile(
    rf"{_QA}\s?(?:의|을|를|만큼|나|이나|로|정도)?\s?(?:손실|손해|하락|감소|떨어|잃|내렸|내린|빠졌|빠진|"
    rf"줄었|줄어|적자|까먹|(?:loss|decline|drop|decrease)\b)",
    _FLAGS,
)
NEGATIVE_BEFORE: Final = re.compile(
    rf"(?:\bnegative\b[^.,;{FIGURE}]{{0,40}}?\b(?:of|at)|\bnegative\b[^.,;{FIGURE}]{{0,30}}|(?:음수|음의|"
    rf"마이너스)[^.,;{FIGURE}]{{0,14}})\s*{_Q}$",
    _FLAGS,
)
POSITIVE_BEFORE: Final = re.compile(
    rf"(?:\bpositive\b[^.,;{FIGURE}]{{0,40}}?\b(?:of|at)|\bpositive\b[^.,;{FIGURE}]{{0,30}}|(?:양수|양의|"
    rf"플러스)[^.,;{FIGURE}]{{0,14}})\s*{_Q}$",
    _FLAGS,
)
NEGATIVE_AFTER: Final = re.compile(
    rf"{_QA},?\s?(?:(?:로|이라|으로|라|인|의|이고|which is|is|was|,|and)\s?){{0,2}}\s?(?:음수|음의|"
    rf"마이너스|적자|negative\b|below zero|in the red)",
    _FLAGS,
)
POSITIVE_AFTER: Final = re.compile(
    rf"{_QA},?\s?(?:(?:로|이라|으로|라|인|의|이고|which is|is|was|,|and)\s?){{0,2}}\s?(?:양수|양의|플러스|"
    rf"흑자|positive\b|above zero|in the black)",
    _FLAGS,
)
HIGHER_AFTER: Final = re.compile(
    rf"{_QA}\s?(?:higher|more|better|greater|larger|ahead|above|over|(?:만큼|정도|나|이나|"
    rf"가량)?\s?(?:더\s?)?(?:높|많|크|큰|앞|우위|웃))",
    _FLAGS,
)
LOWER_AFTER: Final = re.compile(
    rf"{_QA}\s?(?:lower|less|worse|smaller|behind|below|under|fewer|(?:만큼|정도|나|이나|"
    rf"가량)?\s?(?:더\s?)?(?:낮|적|작|뒤|못|밑))",
    _FLAGS,
)
HIGHER_BEFORE: Final = re.compile(
    r"\b(?:advantage|lead|edge)\b[^.,;]{0,40}\b(?:is|of|was|by|at)\s*$|"
    r"\b(?:higher|better|greater|ahead|leads?|led|beats?|wins?|outperform\w*|exceeds?)\b[^.,;]{0,40}\bby\s*$",
    _FLAGS,
)
LOWER_BEFORE: Final = re.compile(
    r"\b(?:lower|worse|smaller|behind|trails?|trailed|lags?|lagged|underperform\w*)\b[^.,;]{0,40}\bby\s*$",
    _FLAGS,
)

YEARLY: Final = re.compile(
    rf"{_QA}\s?(?:(?:a|per|each|every)\s+(?:year|annum)|annually|annuali[sz]ed|yearly|p\.a\.|/\s?(?:year|"
    rf"yr))",
    _FLAGS,
)
YEARLY_BEFORE: Final = re.compile(
    r"(?:(?<![가-힣])(?:연|매년|해마다|연간|연 평균)\s|\b(?:annually|yearly)\s)\s*(?:약\s?)?$", _FLAGS
)
OFTEN: Final = re.compile(
    rf"{_QA}\s?(?:(?:a|per|each|every)\s+(?:day|week|month|quarter)|daily|weekly|monthly|quarterly)", _FLAGS
)
OFTEN_BEFORE: Final = re.compile(
    r"(?:(?<![가-힣])(?:월|매월|매달|월평균|월간|한 달에|주간|매주|분기|매일|하루|일평균|"
    r"하루 평균)\s?(?:평균\s?)?(?:약\s?)?$|\b(?:daily|weekly|monthly|quarterly)\s+$)",
    _FLAGS,
)
