"""How people ask when something was, and for figures by year, month or day: patterns, laid out by blanks."""

from typing import Final

from backchat_contracts.timing import PeriodUnit
from services.language.window_patterns import NAME

ENGLISH_UNITS: Final = "(?P<unit>year|quarter|month|week|day)"
KOREAN_UNITS: Final = "(?P<unit>해|연도|년도|달|월|분기|주|날|하루)"
UNITS: Final[dict[PeriodUnit, str]] = {
    "year": """
        year; years; yearly; annual; calendar year; 해; 년; 연; 연도; 년도; 연간; 매년; 매해; 해마다; 한 해;
        일년; 1년
    """,
    "quarter": "quarter; quarters; quarterly; 분기; 매 분기; 분기마다",
    "month": "month; months; monthly; 달; 월; 매월; 매달; 달마다; 월간; 한 달; 개월",
    "week": "week; weeks; weekly; 주; 주간; 한 주; 매주; 주마다",
    "day": "day; days; daily; 날; 일; 하루; 일일; 일간; 거래일; 매일",
}
COUNTS: Final = {
    "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "두": 2, "세": 3, "네": 4, "다섯": 5, "열": 10
}  # fmt: skip
NUMBER: Final = rf"(?P<count>\d{{1,2}}|{'|'.join(COUNTS)})"

LEAST: Final = rf"""
    \b(?:more\s+than|over)\s+(?P<more>\d{{1,2}}|a|one|{"|".join(COUNTS)})\b(?!\s*%)
    |\bat\s+least\s+(?P<least>\d{{1,2}}|a|one|{"|".join(COUNTS)})\b(?!\s*%)
    |(?P<korean>\d{{1,2}}|한|두|세|네|다섯|열)\s*(?:번|해|개|년|달|차례)\s*(?:이상|(?P<beyond>넘게|초과|보다\s*(?:더\s*)?많))
"""
_ATTRIBUTIVE: Final = f"[{''.join(chr(0xAC00 + 28 * syllable + 4) for syllable in range(399))}]"
"""A syllable that ends in ㄴ, as what stands before a noun does: 좋은, 빠진, 나빴던."""
_ENDS: Final = (
    r"(?=$|[\s?!.,~]|(?:[은는이가을를의에도랑와과로]|별|였|인|야|예요|이야)(?:[가-힣]{0,4})(?:[\s?!.,~]|$))"
)
_MOST: Final = "(?:제일|가장|젤|최고로|역대|번째로?|째로)"
_KIND: Final = r"(?:\s+(?:single|calendar|ever|performing|trading|individual|full|whole|one|1|overall))*"
_BEST: Final = r"(?:best|strongest|most\s+profitable|greatest|highest\s+return(?:ing)?|top)"
_WORST: Final = r"(?:worst|weakest|poorest|bottom|least\s+profitable|most\s+painful|ugliest|roughest)"
LOSING: Final = r"""
    worst|weakest|poor|lowest|least|los[et]|losing|loss|fell|fall|drop|bad|down|hurt|red\b|negative|painful|bottom|minus
    |ugliest|roughest|decline
    |나쁘|나쁜|나빴|안\s*좋|못|잃|깨|빠|까먹|떨어|물[린렸]|낮|망|손실|손해|하락|터[진졌]|박살|작살|처참|힘들|마이너스|적자|최악|워스트|내[린렸]|폭락
"""
GAINING: Final = r"""
    best|strong|most|highest|greatest|gain|up\b|profit|positive|green|made|make|earn|won|top\b|biggest|rose|grew|plus|black
    |좋|잘|벌|번|높|오[른르]|올랐|수익|이익|플러스|흑자|상승|많|최고|베스트
"""
_NEGATIVE: Final = r"(?:losing|negative|red|unprofitable|loss\s?making|down)"
_POSITIVE: Final = r"(?:winning|positive|green|profitable|money\s?making|up)"
_MINUS: Final = "(?:마이너스|손실|손해|적자|잃|깨[진졌]|까먹|빠[진졌]|하락|떨어|내린|물린|음수)"
_PLUS: Final = (
    r"(?:플러스|수익\s*[이을]?\s*(?=[난나본낸])|이익|흑자|벌|(?<![이저한두])번(?!째)|오른|올랐|상승|양수)"
)
_DRAWDOWN: Final = r"(?:draw\s?down|dd|mdd)s?"
_BACK: Final = r"""
    (?:recover\w*|(?:get|gets|got|gotten|come|came|climb\w*)\s+back|back\s+(?:to|at|above|in)\b|break\s?even|broke\s?even
    |new\s+highs?|all\s+time\s+high|(?:money|losses|it|everything|everything\s+it\s+lost|that|them)\s+(?:all\s+)?back
    |(?:dig|dug|climb\w*|got|get|crawl\w*)\s+(?:\w+\s+){0,2}out\s+of\s+(?:the|that|its)\s+hole|made?\s+(?:it\s+)?whole\s+again)
"""
RECOVERY: Final = rf"{_BACK}|회복|복구|만회|본전|원금|전고점"
UNTIL: Final = rf"""
    (?:해|년|월|달|분기|말)(?:에는|까지는?|에|안에는?)\s*(?:(?:다|전부|모두|이미|다들)\s*)?(?:회복|만회|복구)
    |\b{_BACK}.{{0,20}}?\b(?:by|within)\s+(?:the\s+)?(?:end\s+of\s+)?(?:\w+\s+)?
        (?:(?:19|20)\d\d\b|(?:following|next|same|that)\s+(?:year|month|quarter)|(?:year|month|quarter)\s+after)
    |\b{_BACK}.{{0,10}}?\bin\s+the\s+(?:(?:following|next|same)\s+(?:year|month|quarter)|(?:year|month|quarter)\s+after)
"""
"""Beside a window of time, this asks whether a loss was made good within it."""
_LOW: Final = r"""
    (?:bottom\w*|trough\w*|low\s+point|lowest\s+point|(?:its|the)\s+low\b|nadir|peak\w*
    |(?:fell|fall|lose|lost|drop|dropped|down|hurt)\s+(?:it\s+)?(?:the\s+)?most
    |worst\s+(?:loss|fall|drop|decline|crash|dip|moment|time))
"""
_PLACE: Final = r"(?:바닥|저점|고점|최대\s*낙폭|낙폭|엠디디|mdd|드로우?다운|회복|복구|원금|본전|만회)"
_FELL: Final = rf"""
    (?:(?:{_MOST}|최대로?|많이|크게).{{0,10}}(?:빠[졌진]|떨어[졌진]|깨[졌진]|까먹|물[렸린]|잃|박살|터졌|하락|망[했한]|폭락))
"""
_WHEN: Final = r"""
    (?:언제|며칠|날짜|시점|몇\s*년\s*몇|얼마나\s*걸|얼마\s*만|(?:몇|며)\s*(?:일|칠|달|개월|년|거래일|주)\s*(?:만|이나\s*걸|걸)|어느\s*날)
"""

SOME: Final = rf"(?P<count>\d{{1,2}}|{'|'.join(COUNTS)})\s*(?:개(?!월)|가지|군데)"
PLACE: Final = r"(?P<number>\d{1,2})\s*(?:번째|째|st\b|nd\b|rd\b|th\b)"

WINS: Final = (
    (
        rf"(?:which|how\s+many|what|number\s+of)\s+(?:calendar\s+)?{ENGLISH_UNITS}s?\b.*"
        r"\b(?:beat\w*|outperform\w*|(?:better|higher|more)\s+than(?!\s+-?\d)|ahead\s+of|won|wins?)\b"
    ),
    (
        r"\b(?:beat\w*|outperform\w*|(?:did|done)\s+better\s+than|ahead\s+of)\b.{0,40}"
        rf"\bin\s+(?:any|a\s+single|at\s+least\s+one|even\s+one)\s+(?:single\s+|calendar\s+)?{ENGLISH_UNITS}\b"
    ),
    (
        r"\b(?:won|wins?|winners?|best|first|led|leads?|top|beat\w*|outperform\w*|ahead|highest)\b.{0,40}"
        rf"\bmost\s+(?:calendar\s+|of\s+the\s+)?{ENGLISH_UNITS}s\b"
    ),
    (
        r"\b(?:who|which\s+(?:one|strategy|strat)|winners?|best\s+(?:one|strategy|strat)|beat|outperform)\b"
        r"(?!.{0,40}\b(?:up|down|positive|negative|profitable|money|lost|lose|gain|gained|green|red)\s+(?:in\s+)?"
        r"(?:every|each)\b).{0,40}"
        rf"\b(?:each|every|by|in\s+each)\s+(?:calendar\s+)?{ENGLISH_UNITS}\b"
    ),
    rf"(?:이긴|이겼던|앞선|앞섰던|제친|1\s*[등위](?:[를을]?\s*한|였던|인))\s*{KOREAN_UNITS}{_ENDS}",
    (
        rf"(?:{NAME}|벤치마크|시장|지수|보다).{{0,30}}보다\s*.{{0,8}}(?:나았던|나은|좋았던|좋은|높았던|높은|잘했던|잘한|나온|번|벌었던)"
        rf"\s*{KOREAN_UNITS}{_ENDS}"
    ),
    r"몇\s*(?P<unit>해|년|달|개월|분기|주|일|날)(?:이나|에서나|에서|나|번)?\s*(?:동안\s*)?.{0,10}(?:이겼|이기|이긴|앞섰|앞서|제쳤)",
    (
        r"(?:가장|제일|더|젤)\s*(?:많은|많이|여러|자주)\s*(?P<unit>해|연도|년도|달|월|분기|주|날)\S{0,3}.{0,16}"
        r"(?:이긴|이겼|1\s*[등위]|일등|앞선|앞섰|잘한|좋았|최고)"
    ),
    r"(?P<unit>연도|년도|년|연|월|달|분기|주)별\S{0,2}.{0,20}(?:1\s*[등위]|일등|승자|우승|이겼|이긴|누가|(?:제일|가장)\s*(?:잘|좋)(?!\S*\s*(?:해|달|월|분기|주|날)(?:은|이|을|은요)?\W*$))",
    r"(?P<unit>매년|매해|해마다|매달|매월|달마다).{0,16}(?:1\s*[등위]|일등|승자|이겼|이긴|이겨|누가)",
)
ENDS: Final = (
    (
        rf"\b(?:{NUMBER}\s+)?(?:{_BEST}\s*(?:and|&|/|or|,)\s*(?:the\s+|its\s+)?{_WORST}|{_WORST}\s*(?:and|&|/|or|,)"
        rf"\s*(?:the\s+|its\s+)?{_BEST}){_KIND}\s+{ENGLISH_UNITS}s?\b"
    ),
    r"(?:최고|베스트)\S{0,2}\s*(?:와|랑|하고|,|/|및)?\s*(?:최악|워스트)(?:의|인)?\s*" + KOREAN_UNITS + _ENDS,
)
END: Final = (
    (
        rf"(?<![a-z])(?:{NUMBER}\s+)?(?P<how>{_BEST}|{_WORST})(?:\s+(?P<after>\d{{1,2}}|two|three|four|five|ten))?{_KIND}"
        rf"\s+{ENGLISH_UNITS}s?\b"
    ),
    (
        r"\b(?P<how>biggest|largest|greatest|worst|best|highest|deepest)\s+(?:single\s+|one\s+|1\s+)?"
        r"(?P<unit>daily|monthly|yearly|quarterly|weekly|day|month|year)"
        r"\s+(?P<how2>gain|profit|loss|drop|fall|decline|rise|return|move)s?\b"
    ),
    (
        r"\b(?P<how>lose|lost|fell|fall|drop|dropped|down|gain|gained|made|make|earn|earned|up|rose)\s+(?:the\s+)?most\s+"
        rf"(?:money\s+)?(?:in|on)\s+(?:a|one|any)\s+(?:single\s+|calendar\s+)*{ENGLISH_UNITS}\b"
    ),
    (
        rf"\b(?:which|what)\s+(?:calendar\s+)?{ENGLISH_UNITS}\b(?P<how>.*\b(?:best|worst|most|least|highest|lowest|biggest"
        r"|strongest|weakest)\b.*)"
    ),
    rf"{_MOST}\s*(?P<how>[^?.,!]{{0,18}}?{_ATTRIBUTIVE})\s*{KOREAN_UNITS}{_ENDS}",
    rf"(?P<how>최고|최악|베스트|워스트)(?:의|인|였던|이었던)?\s*{KOREAN_UNITS}{_ENDS}",
    (
        r"(?P<how>최고|최악|베스트|워스트)(?:의|인|였던|이었던)?\s*(?P<count>\d{1,2}|두|세|네|다섯|열)\s*"
        rf"(?P<unit>개월|달|해|년|분기|주|일)(?:간|들)?{_ENDS}"
    ),
    (
        r"(?:어느|어떤|무슨|몇)\s*(?P<unit>해|년도?|연도|달|월|분기|주|날)(?:에|이|가|은|는|도|\s)"
        rf"(?P<how>.{{0,30}}(?:{_MOST}|최고|최악|많이).*)"
    ),
    (
        r"(?P<unit>하루|일일|일간|한\s*달|월간|연간|한\s*해|일년|1년)(?:에|만에|동안|새|의)?\s*"
        rf"(?P<how>(?:{_MOST}|최대|최고|최악).{{0,20}}(?:손실|하락|수익|상승|이익|벌|번|잃|깨|빠|오르|올랐|떨어|까먹).*)"
    ),
)
SIGNS: Final = (
    rf"\b(?P<how>{_NEGATIVE}|{_POSITIVE}|good|bad)\s+(?:calendar\s+|trading\s+)?{ENGLISH_UNITS}s\b",
    (
        rf"\b(?:a|any|one|single|no|another)\s+(?P<how>{_NEGATIVE}|{_POSITIVE})\s+(?:calendar\s+|trading\s+)?"
        rf"{ENGLISH_UNITS}\b"
    ),
    (
        rf"\b(?:how\s+many|which|what|number\s+of)\s+(?:calendar\s+|trading\s+)?{ENGLISH_UNITS}s?\b"
        r"(?!.{0,40}(?:\bunder\b|recover|back))(?P<how>.*\b(?:los[et]|losses|losing|negative|down|red|gain\w*|up"
        r"|positive|profit\w*|ma[dk]e\s+money|green)\b.*)"
    ),
    (
        rf"\b(?:a|any|one|single|every|each)\s+(?:single\s+|calendar\s+)*{ENGLISH_UNITS}\b(?P<how>.{{0,25}}"
        r"\b(?:lose|lost|loss|negative|red|down|gained|made\s+money)\b.*)"
    ),
    (
        r"\b(?P<how>(?:los[et]|losing)(?:\s+money)?|(?:ma[dk]e|making|earn(?:ed)?)\s+money|profitable|positive|negative|up|down|gain(?:s|ed)?"
        r"|profit(?:s|ed)?|rose|grew|in\s+the\s+(?:black|green|red))\s+(?:in\s+)?"
        rf"(?:every|each|any|a)\s+(?:single\s+|calendar\s+)*{ENGLISH_UNITS}\b"
    ),
    rf"(?P<how>{_MINUS}|{_PLUS})[가-힣\s]{{0,6}}?{_ATTRIBUTIVE}\s*{KOREAN_UNITS}{_ENDS}",
    rf"(?P<how>오른|(?<![이저한두])번|깨진|빠진|떨어진|내린|물린|잃은)\s*{KOREAN_UNITS}{_ENDS}",
    (
        r"(?:몇|며)\s*(?P<unit>해|년|달|개월|분기|주|일|날|칠)(?:이나|동안|에|나|이|은)?\s*"
        rf"(?P<how>.{{0,10}}(?:{_MINUS}|플러스|흑자|벌었|수익\s*[났냈봤]|이익|올랐).*)"
    ),
    (
        r"(?P<unit>매년|매해|해마다|매달|달마다|매월|매\s*분기|분기마다|매주|주마다|매일)\s*(?:다\s*|전부\s*|꾸준히\s*)?"
        rf"(?P<how>.{{0,10}}(?:{_MINUS}|{_PLUS}|벌었|수익\s*[났냈봤]).*)"
    ),
)
DRAWDOWNS: Final = (
    (
        r"\b(?:when|(?:what|which)\s+(?:date|day)s?|since\s+when)\b.{0,60}"
        rf"(?:\b{_DRAWDOWN}\b|\b{_BACK}|\b{_LOW})"
    ),
    rf"\b{_DRAWDOWN}\b.{{0,50}}\bwhen\s+(?:was|did|is|were)\b",
    rf"\bhow\s+(?:long|many\s+(?:trading\s+)?(?:day|month|year|week)s)\b.{{0,60}}\b(?:{_BACK}|bottom|trough)",
    rf"\b(?:has|have|had|did|is|are|was|were|does|do)\b.{{0,40}}\b{_BACK}",
    (
        r"\b(?:date|timing|start|end|peak|trough|recovery)s?\s+(?:dates?\s+|and\s+\w+\s+)?(?:of|for)\s+(?:\w+\s+){0,2}"
        rf"{_DRAWDOWN}\b"
    ),
    r"\bdraw\s?downs?\s+(?:dates?|history|timeline|table|episodes?|calendar)\b",
    rf"\b{NUMBER}\s+(?:worst|deepest|biggest|largest)\s+drawdowns\b(?=.*(?:{NAME}|\bits?\b))",
    rf"\b(?:top|worst|deepest|biggest|largest)\s+{NUMBER}\s+(?:\w+\s+)?draw\s?downs\b(?=.*(?:{NAME}|\bits?\b|\bdates?\b))",
    rf"(?:{NAME}|\bits\b).{{0,12}}\b{NUMBER}\s+(?:worst|deepest|biggest|largest)\s+drawdowns\b",
    rf"언제\S*.{{0,25}}(?:{_PLACE}|{_FELL})|(?:{_PLACE}|{_FELL}).{{0,25}}{_WHEN}",
    (
        r"(?:(?:원금|본전|전?\s*고점|손실|낙폭)\S{0,2}\s*)?(?:회복|복구|만회)(?:은|을|는|도|이)?\s*"
        r"(?:다\s*|아직\s*|완전히\s*)?(?:했|됐|됨|돼|되었|하긴|못|함|한\s*거|한\s*적|한\s*상태|완료)"
    ),
    r"(?:원금|본전|전고점)\S*\s*(?:찾|왔|돌아|넘|뚫|회복)",
    rf"(?:큰|심한|깊은)\s*낙폭\s*{NUMBER}\s*(?:개|번|건)",
)
NOT_DRAWDOWNS: Final = r"""
    longest|shortest|fast|quick|slow|soonest|최장|오래\s*물[려린렸]|가장\s*긴|제일\s*긴|빨리|빠른|느린|느리|오래\s*걸린
"""
BEST_WHEN: Final = (
    r"\bwhen\s+(?:did|was|were)\b.{0,30}\b(?:made?|make|earn|gain|return)\w*\s+(?:the\s+)?most\b",
    rf"(?:언제.{{0,12}}{_MOST}.{{0,8}}(?:벌|수익|올랐|잘)|{_MOST}.{{0,8}}(?:벌|번|올랐|오른|잘\s*나[온왔]).{{0,10}}언제)",
)
RETURNS: Final = (
    rf"\b(?:by|each|every|per\s+calendar)\s+(?:calendar\s+|single\s+)?{ENGLISH_UNITS}\b",
    rf"\b{ENGLISH_UNITS}\s+(?:by|over|on)\s+(?:year|quarter|month|week|day)\b",
    (
        r"\b(?P<unit>yearly|annual|monthly|quarterly|weekly|daily|calendar\s+year)\s+(?:returns?\s+|performance\s+)?"
        r"(?:breakdown|table|history|list|numbers|figures|results|series|performance)\b"
    ),
    r"\b(?P<unit>yearly|monthly|quarterly|weekly|daily|calendar\s+year)\s+(?:returns|profits|gains|p&l|pnl)\b",
    (
        r"\b(?:show|list|give|table|plot|print|see|get|gimme|pull)\b.{0,40}\b(?P<unit>annual)\s+"
        r"(?:returns|profits|gains|p&l|pnl)\b"
    ),
    rf"\b(?P<unit>annual)\s+(?:returns|profits|gains|p&l|pnl)\s+(?:of|for)\s+(?:the\s+)?{NAME}+(?!.*{NAME}\W+\w.*{NAME})",
    r"(?P<unit>연도|년도|연간|년|연|해|월간|월|달|분기|주간|주|일)별",
    (
        r"(?P<unit>매년|매해|해마다|매달|매월|달마다)\s*(?!.{0,6}평균).{0,10}"
        r"(?:보여|알려|어땠|어때|얼마|쭉|나열|표로|수익률|성과|성적|실적)"
    ),
    r"(?P<unit>연간|연도)\s*수익률?\S{0,2}\s*(?:표|쭉|쫙|나열|리스트|목록|전부|하나씩)",
)
BENCHMARK: Final = r"""
    benchmark|\bbuy(?:ing)?\s+and\s+hold(?:ing)?\b|\b(?:did|has|was|is)\s+the\s+market\b
    |벤치마크|바이\s*앤\s*홀드|매수\s*후\s*보유|시장(?=[은이의]\s)
"""
MARKET: Final = r"\bmarket\b|\bindex\b|시장|지수"
"""What strategies are measured against, too."""
WHETHER: Final = r"""
    ^\W*(?:(?:and|but|so|ok|그럼|근데)\s+)?(?:has|have|had|did|is|are|was|were|does|do|any)\b
    |있(?:어|나|니|냐|음|지|는지|었|습|을까)|(?:했|됐)(?:어|나|니|냐|음|지|는지|습니까|나요|어요)|매년|매달|\bever\b
"""
NEVER: Final = r"""
    \bnever\b|\bwithout\s+(?:a|any|one)\b|\b(?:had|have|has|with)\s+(?:no|zero)\b|\bnot\s+a\s+single\b
    |(?:해|달|년|분기|주|날|적)[은이가도]?\s*(?:한\s*번도\s*|하나도\s*)?없(?:는|던|었던)|한\s*번도\s*(?:안|손실\s*안|마이너스\s*안)
"""
HOW_MANY: Final = r"몇\s*(?:번|개|해|달|년|회|차례)|\bhow\s+many\b"
EVERY: Final = r"""
    \b(?:every|each)\b|매년|매해|해마다|매달|달마다|매월|매\s*분기|분기마다|매주|주마다|매일|모든\s*(?:해|연도|년|달|분기)
"""
TOGETHER: Final = r"""
    (?<![가-힣])(?:(?:둘|셋|넷)\s*(?:다|모두)|전부|모두|다들|다\s*(?:같이|함께))(?![가-힣])
    |\b(?:both|everyone|everybody|all\s+(?:of\s+(?:them|these|those)|two|three|four|strategies|were|lost|lose|gained|made))\b
"""
FEWEST: Final = r"fewest|least\s+often|적[은었게]|적었"
WHICH: Final = (
    r"\bwhich\b(?!\s+(?:calendar\s+|trading\s+)?(?:year|quarter|month|week|day|date)s?\b)|\bwho\b"
    r"|^\W*(?:(?:and|so|(?:are|is|were|was)\s+there)\W+)*any(?:one|body|thing|\s+(?:that|which|who|of|strat\w*))\b"
    r"|^\W*(?:(?:and|so)\W+)?(?:did|do|does|has|have|is|are|was|were)\s+any(?:one|body|thing|\s+(?:of|strat\w*))?\b"
    r"(?!\s+(?:\w+\s+)?(?:year|quarter|month|week|day)s?\b)"
    r"|\bwhat\s+(?:strategy|strategies|strats?)\b|(?:어느|어떤)\s*(?:전략|것|게|애|놈)|누가|누구"
    r"|(?:전략|애|거|것|놈)(?:들)?[은도이]?\s*(?:하나라도\s*)?(?:있|뭐|몇|누구|\W*$)"
)
