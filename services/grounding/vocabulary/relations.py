"""The words that tie a name to a figure, or to another name; `N` stands for a name, `F` for a figure."""

import re
from typing import Final

from services.grounding.marks import FIGURE, FILL, NAME

N: Final = f"{NAME}{FILL}*"
F: Final = FIGURE
_Q: Final = r"[\"'‘’“”「」『』()\[\]]*"
_FLAGS: Final = re.IGNORECASE

BENCHMARK: Final = re.compile(
    r"\b(?:the\s+)?(?:benchmark|buy[\s-]and[\s-]hold)(?!\s+(?:return|index return)\b)\b|"
    r"벤치마크(?!\s?(?:수익|대비|초과)|인 |\s?\()|\bthe market(?='s|’s)|시장(?=은 |의 수익|이 )",
    _FLAGS,
)
FORMER: Final = re.compile(r"\bthe former\b|전자(?=[의는가]|보다)", _FLAGS)
LATTER: Final = re.compile(r"\bthe latter\b|후자(?=[의는가]|보다)", _FLAGS)
OTHER: Final = re.compile(
    r"\bthe other(?: one| strategy)?(?='s| (?:has|had|is|was|returned|shows|posted|at|with)\b)|"
    r"(?:다른 (?:하나|쪽|전략)|상대 전략|나머지 하나)(?=[은는이가의])",
    _FLAGS,
)
PRONOUN: Final = re.compile(
    r"\b(?:it|its|it's|this strategy|that strategy|the strategy|this one|the same strategy)\b|(?:이|그|"
    r"해당|동) 전략|이것|(?<![가-힣])그것",
    _FLAGS,
)

OBJECT_BEFORE: Final = re.compile(
    r"(?:\b(?:than|unlike|against|over|versus|vs\.?|compared (?:to|with)|relative to|in contrast to|"
    r"as opposed to|instead of|rather than|"
    r"ahead of|behind|after|following|second to|(?:version|variant|form|kind) of|apart from|except(?: for)?|"
    r"beats?|beating|beaten|tops?|topped|topping|out(?:perform|pace|shine|do|did)\w*|"
    r"underperform\w*|trails?|trailed|trailing|lags?|lagged|lagging|"
    r"surpass\w*|exceed\w*|above|below|edges?(?: out)?|edged(?: out)?|(?:close|closer|next|similar|"
    r"superior|inferior) to|compar\w+ [^.,;]{0,60} to)\s+)"
    r"(?:that of\s+|those of\s+|what\s+|the\s+|strategy\s+|both\s+|either\s+|even\s+|just\s+)*" + _Q + "$",
    _FLAGS,
)
BEATEN_BEFORE: Final = re.compile(
    r"\b(?:beat(?:s|ing|en)?|top(?:s|ped|ping)?|out\w+|underperform\w*|trail\w*|lag\w*|surpass\w*|"
    r"exceed\w*|edged?s?(?: out)?|ahead of|behind|over|above|below)"
    r"\s+(?:the\s+|strategy\s+)*" + _Q + "$",
    _FLAGS,
)
"""What before a name makes it the object of a verb, so that "with F" is of the subject."""
OBJECT_AFTER: Final = re.compile(
    _Q + r"(?:\s?전략)?(?:의 [^.,;\ue001]{1,16}?)?(?:\s?\([^()]*\))?(?:의 (?:것|그것))?"
    r"(?P<relation>보다|에 비해|에 비하면|대비|\s대비|(?:와|과) (?:비교|달리|다르게|견주)|"
    r"(?:을|를)\s?[^.,;]{0,40}?(?:앞[서섭선섰]|이기|이겼|이긴|이깁|능가|웃돌|상회|제치|제친|뛰어넘|압도)|"
    r"에 (?:뒤|못|밀|앞|이어)| ?다음으로|처럼)"
)
JOINED: Final = re.compile(
    _Q + r"(?:\s?(?:전략|strategy))?\s*(?:,\s*(?:and|or|그리고|및)?|and|&|or|"
    r"와|과|랑|이랑|하고|및|그리고|·|/|\+|vs\.?|versus|대|,)\s*(?:the\s+)?" + _Q,
    _FLAGS,
)
"""What joins names to a list."""
FIGURES_JOINED: Final = re.compile(
    r"[)%]?(?:번|회|건|개)?(?:으로|로)?\s*(?:,\s*(?:and|그리고|및)?|and|&|와|과|및|그리고|·|/|;|vs\.?|"
    r"versus|대|로|to|-|against|compared (?:to|with)|)\s*\(?",
    _FLAGS,
)
OPPOSED: Final = re.compile(
    r"\)?(?:번|회|건|개)?(?:\s+[a-z]+)?\s*,?\s*(?:vs\.?|versus|against|compared (?:to|with)|rather than|"
    r"as opposed to|than|대비|대|보다|[<>])\s+(?:only\s+|just\s+|a\s+|its\s+)?\(?",
    _FLAGS,
)
"""What sets a figure against the one before it."""
APART: Final = re.compile(r"\b(?:between|among|amongst|of|comparing|out of)\s+(?:the\s+)?" + _Q + "$", _FLAGS)
APART_AFTER: Final = re.compile(_Q + r"(?:\s?전략)?\s?(?:중|가운데|사이|간의|을 비교|를 비교|의 차이)")

BY_NAME_EN: Final = re.compile(
    rf"{_Q}\s*(?P<words>(?:[a-z'-]+\s+){{0,4}})(?:for|of|by|from|under|using|"
    rf"goes to|belongs to|on the part of|"
    rf"achieved by|posted by|recorded by|produced by)\s+(?:the\s+)?(?:strategy\s+)?{_Q}(?P<name>{N})",
    _FLAGS,
)
BY_NAME_BRACKET: Final = re.compile(rf"{_Q}\s*[(\[]\s*(?P<name>{N})\s*[)\],/·]", _FLAGS)
BY_NAME_KO: Final = re.compile(
    rf"\s?(?:(?:오른|내린|상승한|하락한|기록한|잃은|번|벌어들인|떨어진)|"
    rf"인|의|짜리|였던|이었던|에 달하는|에 그친|"
    rf"(?:을|를|로|으로|에)\s?(?:(?:기록|달성|거두|거둔|보이|보인|낸|올린|남긴|그친|머문|나타낸|"
    rf"마친)[한인된]?|(?:가장|제일|더)\s?[가-힣]+[은인]|"
    rf"(?:높은|낮은|작은|큰|좋은|나쁜|많은|적은|깊은|얕은|우수한|안정적인|뛰어난|앞선|"
    rf"앞서는)))\s+{_Q}(?P<name>{N})"
)

HELD: Final = re.compile(
    rf"(?:{_Q})?(?:'s|’s|의|\s*\(|\s+at\s|\s+of\s|,\s?(?:which|whose)\b|\s+\(?with\s|은|는|이|가|도)",
    _FLAGS,
)
"""What after a name that others are measured against still ties a figure to it."""
OWNS_MORE: Final = re.compile(rf"{_Q}(?:의|'s|’s)\s?[^.,;{N[0]}]{{0,30}}{F}|{_Q}\s?\(\s?{F}", _FLAGS)
"""What after a name ties a later figure to it."""
PLURAL: Final = re.compile(r"\b(?:their|theirs|they|these)\b|(?:이들|두 전략|둘)(?:의|은|는)|각각", _FLAGS)
BREAK: Final = re.compile(r"반면|지만|으나|는데|[았었했]고|이고|\b(?:while|whereas|but)\b|;", _FLAGS)
"""Where another clause begins, which may be of another strategy."""
IN_BRACKETS: Final = re.compile(_Q + r"(?:\s?(?:전략|strategy))?\s*\([^()]*$")
"""What stands between a name and a figure in brackets after it."""
RESPECTIVELY: Final = re.compile(r"\brespectively\b|\bin that order\b|각각|차례로", _FLAGS)
