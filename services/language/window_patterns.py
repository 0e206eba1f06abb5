"""Patterns of the ways in which windows of time are written."""

from typing import Final

from services.language.dates import DATE, ENGLISH_PART, KOREAN_PART, YEAR
from services.language.lexicon import METRIC_WORDS
from services.language.phrases import one_of
from services.language.vocabulary import periods as words
from services.language.vocabulary import shifts

NAME: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
"""In place of each character of a strategy's name, which no window has a part of."""

_OF: Final = r"""
    (?:(?:in|during|for|over|of|throughout|within|on|at|from)\s+)?(?:all\s+of\s+)?
    (?:the\s+(?:(?:whole|full|entire)\s+(?:of\s+)?)?)?
"""
_YEAR_OF: Final = r"(?:(?:calendar\s+)?(?:year|month)\s+(?:of\s+)?)?"
_PARTICLE: Final = rf"(?:'s\b|(?:\s*{one_of(words.DURING)})?(?:{words.PARTICLES})?(?![가-힣]))?"
_END: Final = rf"(?:\s*,(?=\s*$))?{_PARTICLE}"
_COUNT: Final = rf"(?P<count>\d{{1,4}}|{one_of(';'.join(words.COUNTS))})"
_UNIT: Final = rf"(?P<unit>{one_of(';'.join(words.UNITS))})"
_KOREAN_YEAR: Final = one_of(";".join(words.KOREAN_YEARS))
_ENGLISH_YEAR: Final = one_of(";".join(words.ENGLISH_YEARS))
_METRIC: Final = rf"(?={one_of(';'.join(each for each in METRIC_WORDS if len(each) > 1))}|{NAME})"

RANGE: Final = rf"""
    (?:(?:from|between)\s+)?(?P<a>{DATE})\s*(?P<link>{words.LINKS})\s*(?P<b>{DATE})(?:\s*말?\s*까지)?{_END}
"""
SHARED_YEAR: Final = rf"""
    (?P<year>{YEAR})\s*년?\s*(?P<a>{KOREAN_PART})\s*(?:{words.LINKS})\s*
        (?P<b>{KOREAN_PART})(?:\s*말?\s*까지)?{_END}
    |(?:(?:from|between)\s+)?(?P<c>{ENGLISH_PART})\s*(?:{words.LINKS})\s*(?P<d>{ENGLISH_PART}),?\s+
        (?:of\s+)?(?P<of>{YEAR})(?!\d){_END}
"""
SINCE: Final = rf"""
    (?:since|(?<!aside\s)(?<!apart\s)from|start(?:ing|s)?(?:\s+(?:in|from|on|with))?|beginning(?:\s+(?:in|from|on))?)\s+
        (?:the\s+(?:beginning|start)\s+of\s+)?(?P<a>{DATE})
        (?:\s+(?:on(?:wards?)?|and\s+later))?{_END}
    |(?P<b>{DATE})\s*(?:부터|이후부터|이후|이래|~|onwards?|and\s+later){_END}
    |(?P<after>after\s+(?P<c>{DATE})){_END}
"""
UNTIL: Final = rf"""
    (?:until|till|up\s+to|up\s+until|through|thru|~)\s*(?:the\s+end\s+of\s+)?(?P<a>{DATE}){_END}
    |(?P<b>{DATE})\s*(?:말?\s*까지|이전까지|이전){_END}
    |(?P<before>(?:before|prior\s+to)\s+(?P<c>{DATE})|(?P<d>{DATE})\s*전(?:까지|에는|에|의)?(?![가-힣])){_END}
"""
WITHIN: Final = rf"{_OF}{_YEAR_OF}(?P<a>{DATE}){_END}"
YEARS_PART: Final = rf"""
    (?P<year>{_KOREAN_YEAR})(?:\s*의)?\s*(?P<part>{KOREAN_PART}){_END}
    |{_OF}(?P<of>{_ENGLISH_YEAR})(?:'s)?\s+(?P<b>{ENGLISH_PART}){_END}
    |{_OF}(?P<c>{ENGLISH_PART})\s+(?:of\s+|in\s+)?(?P<in>{_ENGLISH_YEAR}){_END}
"""
TRAILING: Final = rf"""
    {one_of(words.KOREAN_LATELY)}\s*(?:{_COUNT}\s*{_UNIT}|(?P<half>반\s*년))(?:\s*치)?{_END}
    |{_OF}{one_of(words.ENGLISH_LATELY)}[\s-]+(?:{_COUNT.replace("count", "number")}[\s-]+)?(?:full\s+)?
        {_UNIT.replace("unit", "length")}(?![a-z]){_END}
    |(?P<since>\d{{1,2}})\s*(?P<ago>년|개월|달|주)\s*전\s*부터{_END}
    |(?<![\d.,])(?P<many>\d{{1,4}})\s*(?P<days>거래일|영업일|일|주일?)\s*(?:동안|간)(?:의|은|에는?)?(?![가-힣])
    |\b(?:for|over|during)\s+(?P<several>\d{{1,4}})[\s-]+(?P<spans>(?:trading\s+)?days?|weeks?)(?![a-z])
"""
BARE_LENGTH: Final = rf"""
    (?:(?<![\d.,])(?<!연\s)(?<!롤링\s){_COUNT}\s*(?P<unit>년|개월|달)(?:\s*(?:동안|간|치))?(?:의)?\s+
    |(?<![\d.,a-z])(?<!than\s)(?<!least\s)(?<!most\s)(?<!rolling\s)(?<!over\s)
        {_COUNT.replace("count", "number")}(?:\s+|-)?(?P<length>years?|yr|y|months?|mo|quarters?)[\s-]+
    ){_METRIC}
"""
CALENDAR: Final = rf"""
    (?P<korean>{one_of(";".join(words.KOREAN_CALENDAR))})(?P<onwards>\s*(?:부터|이후|이래))?{_END}
    |(?:(?P<since>since\s+(?:the\s+(?:beginning|start)\s+of\s+)?)|(?:in|during|for|over|of|throughout|within|from)\s+)?
        (?<!the\s)(?P<english>{one_of(";".join(words.ENGLISH_CALENDAR))}){_END}
    |(?P<count>\d{{1,2}})\s*년\s*전(?:에는|에|엔|의){_END}
"""
PART: Final = rf"""
    (?<![\d가-힣])(?<!년\s)(?P<a>{KOREAN_PART})(?!\s*(?:이후|부터|까지|이전|이래|전|~|-|말|초|\d)){_END}
    |(?:\b(?:in|during|for|of|and|about)\s+(?:the\s+)?|^\W*(?:the\s+)?)(?P<b>{ENGLISH_PART})(?!\s*(?:to|until|till|-|of|\d)){_END}
    |(?<![a-z\d])(?P<c>[qh][1-4])(?![a-z\d]){_END}
"""
BESIDE: Final = rf"""
    {_OF}(?P<unit>year|quarter|month)\s+(?P<way>before|after)\s+(?P<a>{DATE}){_END}
    |(?P<b>{DATE})(?:\s*의)?\s*(?:바로\s*)?(?P<how>다음|이듬|직전|전)\s*(?P<of>해|년도|달|분기){_END}
"""
"""A time that is told from another that is named."""
NOT_KNOWN: Final = rf"""
    (?:처음|첫|초기|맨\s*앞)\s*{_COUNT}?\s*{_UNIT}{_END}
    |{_OF}(?:first|initial)\s+(?:{_COUNT.replace("count", "number")}\s+)?
        (?!quarter|half){_UNIT.replace("unit", "length")}(?![a-z])
    |최근(?:에는|에|의)(?![가-힣])|(?:최근|(?<!most\s)\brecent)\s+{_METRIC}
    |{_OF}(?<!\d)(?:(?:19|20)?\d0\s*년대{_END}|(?:19|20)?\d0'?s(?![a-z]))
"""
ALL: Final = rf"{_OF}{one_of(words.ALL)}{_END}"
SHIFT: Final = rf"(?:{shifts.SHIFT}){_END}"
"""A time that is told from that of the question before."""
SAME: Final = rf"""
    (?<![가-힣]){one_of(words.KOREAN_SAME)}(?:까지|부터)?{_END}
    |(?<![a-z])(?:(?:in|during|for|over|of|throughout|within|at|through)\s+)?(?:(?:all|most)\s+of\s+)?
        (?:the\s+|exactly\s+|that\s+(?:very\s+)?(?=same\b))?{one_of(words.ENGLISH_SAME)}(?:\s+(?:as\s+well|only|alone))?{_END}
    |\bback\s+then(?![a-z]){_END}
"""
"""The window of the question before."""
NAMED: Final = (
    rf"{_OF}(?P<named>{one_of(';'.join(words.NAMED_PERIODS))})(?:\s*(?:때|당시|기간|동안|시기))?{_END}"
)
