"""The words for numbers, in English and in Korean."""

import re
from typing import Final

_UNITS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
SMALL: Final[dict[str, int]] = {
    **{word: n for n, word in enumerate(f"{_UNITS} seventeen eighteen nineteen".split())},
    **{
        word: 10 * n
        for n, word in enumerate(
            ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
        )
    },
    "fourty": 40,
    "nil": 0,
}
LARGE: Final[dict[str, int]] = {
    "hundred": 100,
    "hundreds": 100,
    "thousand": 1_000,
    "thousands": 1_000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "billion": 10**9,
    "billions": 10**9,
    "trillion": 10**12,
    "dozen": 12,
    "dozens": 12,
}
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
)
ORDINALS: Final[dict[str, int]] = {
    **{word: n for n, word in enumerate(_ORDINALS.split(), start=1)},
    **{
        word: n
        for n, word in enumerate(["fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth"], 14)
    },
    "nineteenth": 19,
    "twentieth": 20,
    "thirtieth": 30,
    "hundredth": 100,
    "thousandth": 1000,
    **{f"{each}ly": n for n, each in enumerate(["first", "second", "third", "fourth"], start=1)},
}
GROUPS: Final[dict[str, int]] = {"duo": 2, "trio": 3, "quartet": 4, "quintet": 5, "threesome": 3}
"""Words for so many strategies."""

_ONE: Final = "|".join(sorted(SMALL.keys() - {"one"}, key=len, reverse=True))
_BASE: Final = rf"(?:{_ONE}|{'|'.join(LARGE)})"
_POINT: Final = rf"point(?=[\s-]+(?:{_ONE}|one)\b)"
ENGLISH_NUMBER: Final = re.compile(
    rf"\b(?:(?:an?|one)[\s-]+(?=hundred|thousand|million|billion|trillion|dozen)|"
    rf"one[\s-]+(?:and[\s-]+)?(?={_BASE}|{_POINT}))?"
    rf"(?:{_BASE}|{_POINT})(?:[\s-]+(?:and[\s-]+)?(?:{_BASE}|one|{_POINT}|half))*\b",
    re.IGNORECASE,
)
"""A number in words, but for "one" alone."""

_AFTER_ONE: Final = (
    r"percent(?:age)?|per cent|pct|basis|bps?|points?|pp|hundredth|tenth|units?|years?|months?|weeks?|"
    r"days?|quarters?|"
    r"trading\b|trade\b|times|to[\s-]one|sigma|standard deviations?|dollars?|won|euros?|digit|x\b|"
    r"in (?!the|a|this|its)\w+|"
    r"and a half|point"
)
ONE: Final = re.compile(
    rf"\bone(?=[\s-]+(?:{_AFTER_ONE}))(?<!at one(?= point))"
    r"|(?<![a-z])(?:above|below|over|under|near|about|around|exactly|roughly|nearly|almost|than|of|at|"
    r"equals|reached|reaches|exceeds?|exceeding|exceeded|beats?|ratio|sharpe|beta|to|just|"
    r"approximately)\s+(?:just\s+)?"
    r"one(?=\s*(?:[.,;:!?)\ue000]|$|and\b(?! of| half)|or (?:more|so)|for\b|over\b|in\b|with\b|while\b|"
    r"but\b|versus|vs|on\b))",
    re.IGNORECASE,
)
""" "one" where it is a number: not "one of them", "the riskier one"."""

FRACTION: Final = re.compile(
    r"\b(?:half(?:way)?|halves|halved|halving|third(?=s\b)|thirds|(?:one|a|"
    r"two)[\s-]+third(?!\s+(?:strategy|option|one|candidate|reason|point|place|name|party))|"
    r"quarters?(?!ly)|"
    r"three[\s-]quarters|(?:one|a|two|three|four)[\s-]+(?:fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?|"
    r"(?:fifth|sixth|seventh|eighth|ninth|tenth|hundredth|thousandth)s|"
    r"doubl(?:e(?![\s-](?:check|edged))|es|ed|ing)|twice|thrice|tripl(?:e|es|ed|ing)|treble[sd]?|"
    r"quadrupl(?:e|es|ed|ing)|"
    r"quintuple[sd]?|\w*fold(?=\b)(?<!unfold)(?<!manifold)|a couple(?! (?:reasons|things))|"
    r"pair of (?=percent|points)|decades?|(?:teens|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies)|"
    r"quartiles?|deciles?|quintiles?|"
    r"century|centuries|fortnight|biennial|(?:several|many|few|multiple|some) (?:times|percent|points|"
    r"hundred|thousand)(?!\s*that)|"
    r"(?:single|triple)[\s-]digits?|digits?|tens of|scores of|semester|basis point|percentage point|"
    r"percent(?:age)? point)\b",
    re.IGNORECASE,
)
"""Fractions, multiples, and words that stand for a number."""

SINO: Final[dict[str, int]] = {each: n for n, each in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "륙": 6}
SINO_POWERS: Final[dict[str, int]] = {
    "십": 10,
    "백": 100,
    "천": 1_000,
    "만": 10**4,
    "억": 10**8,
    "조": 10**12,
}
NATIVE: Final[dict[str, int]] = {
    "하나": 1,
    "둘": 2,
    "셋": 3,
    "넷": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
    "첫": 1,
    "한": 1,
    "두": 2,
    "세": 3,
    "네": 4,
    "석": 3,
    "넉": 4,
    "스물": 20,
    "스무": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
    "예순": 60,
    "일흔": 70,
    "여든": 80,
    "아흔": 90,
    "서너": 3,
    "두세": 2,
    "두어": 2,
    "너댓": 4,
    "대여섯": 5,
}
_DIGITS: Final = "영일이삼사오육륙칠팔구"
_SOME: Final = f"[{_DIGITS[1:]}]?"
SINO_NUMBER: Final = rf"(?:{_SOME}[십백천만억조])+{_SOME}(?:[만억조](?:{_SOME}[십백천만])*{_SOME})*"
"""A number with a power of ten in it: 이십오, 삼천만."""
DECIMAL: Final = rf"[{_DIGITS}공십백]+\s?(?:점|쩜)\s?[{_DIGITS}공]+"
NATIVE_NUMBER: Final = (
    r"(?:(?:열|스물|서른|마흔|쉰|예순|일흔|여든|아흔)\s?(?:하나|한|둘|두|셋|세|넷|네|다섯|여섯|일곱|여덟|"
    r"아홉)|"
    r"열|스물|스무|서른|마흔|쉰|예순|일흔|여든|아흔|다섯|여섯|일곱|여덟|아홉|두세|서너|두어|너댓|대여섯|"
    r"두|세|네|석|넉|한|첫(?=\s?번째))"
)
KOREAN_UNIT: Final = (
    r"(?:퍼센트포인트|퍼센트|프로(?!그램|세스|젝트|필|토|모)|퍼밀|베이시스\s?포인트|비피|포인트|배(?!당|"
    r"분|경|제|치|정|우|포|수진|열)|"
    r"년(?!도별)|개년|개월|해(?!석|당|결|외|소|서|줍|주)|달(?!러|성|라|리)|달러|번째|주일|날|주(?!요|식|"
    r"기|의|목|시|장|가지|당|주|력|된|어|도)|거래일|영업일|"
    r"일(?!반|정|부|관|간|치|별|단|종|어|으|본|회)|시간|분기(?!점)|번(?!째)|차례|회(?!전|복|사|계|피)|"
    r"건(?!수|강|전)|개(?!월|선|별|념|인|요|발|입)|가지|"
    r"종목|종류|종|쌍|명|원(?!금|인|칙|래|유|본)|전략|후보|자릿수|자리|갑절|곱절|곱|할(?!인|당|수)|푼|"
    r"등분|위(?!험|기|치|원|해|로|한|에|축|주)|등(?!락|의|이|에|을|은|급|장|도)|"
    r"사람|군데|곳|줄|지표|구간|거래)"
)
KOREAN_END: Final = (
    r"(?![가-힣])|(?=이었|였|이며|이고|이지|이라|이나|이니|이상|이하|이내|이다|인|입니|은|는|이|가|을|를|"
    r"의|와|과|도|만|로|으로|에|보다|대|까지|부터|씩|쯤|"
    r"정도|가량|여|짜리|째|간|동안|치|안|넘|미만|초과|밖|마다|당|뿐|내내|뒤|후|전|중|모두|다|이자|하고|면|"
    r"안에|남짓|내|꼴)"
)
"""The end of a Korean word, or a particle."""
_BEFORE_COUNTERS: Final = {"첫", "한", "두", "세", "네", "석", "넉", "열"}
_ALONE: Final = "|".join(sorted(NATIVE.keys() - _BEFORE_COUNTERS, key=len, reverse=True))
NUMERAL_WORD: Final = re.compile(
    rf"\b(?:{'|'.join(sorted({*SMALL, *LARGE, *ORDINALS}, key=len, reverse=True))}|half|twice|double|"
    rf"triple)\b|"
    rf"(?<![가-힣])(?:{_ALONE}|{SINO_NUMBER})(?![가-힣])|"
    rf"(?<![가-힣]){NATIVE_NUMBER}\s?{KOREAN_UNIT}|(?<![가-힣]){SINO_NUMBER}\s?{KOREAN_UNIT}|"
    r"퍼센트|프로(?![가-힣])|percent|bps?|%|(?<=\d)\s?(?:배|개|번|년|원|x\b|bp)",
    re.IGNORECASE,
)
"""A word for a number or a unit of one, in a name."""
HANJA: Final = re.compile(r"[〇零一二三四五六七八九十百千萬万億亿兆壹貳參半倍]")
ROMAN: Final = re.compile(
    r"(?<![\w-])(?:I{2,3}|IV|VI{1,3}|IX|XI{0,3}|XI?V|XV?I{1,3}|XX+[IVX]*)(?![A-Za-z0-9_-])"
)
