"""Texts that ask something of the answer before, and only that: "why?", "the second?", "제일 작은 건?"."""

import re
from collections.abc import Iterator
from typing import Final

from services.language.phrases import compiled, one_of
from services.language.question import Continuation
from services.language.vocabulary import continuing as words

_GOES_ON: Final = one_of(words.CONTINUING)
_CONTINUING: Final = compiled(rf"^\W*{_GOES_ON}(?![가-힣a-z])|\s(?:back\s+)?then\W*$|\s그\s?때는?\W*$")
_ON: Final = rf"^\W*(?>{_GOES_ON}[\s,.!]*){{0,3}}(?:the\s+|그\s*)?"
_FAREWELL_WORD: Final = compiled(one_of(words.FAREWELLS))
_FAREWELL: Final = compiled(
    rf"^(?>\W*{one_of(words.FAREWELLS + ';' + words.BESIDE_FAREWELLS)}(?![가-힣a-z]))+\W*$"
)
_BEFORE: Final = rf"""
    ^\W*(?>(?:{_GOES_ON}|{one_of(words.ASKING)})[\s,.!]*){{0,3}}(?:in\s+)?(?:the\s+|그\s*)?
"""
_END: Final = r"""
    (?:로는|로|의\s*경우는|라면|이면|면|들|도)?
    (?>이에요|에요|예요|나요|가요|해요|합니까|입니까|인가|인데|인지|한가|한데|한지|이야|이지|이냐|[은는이가을를야지냐니죠요]){0,3}
    (?:\s+(?:one|ones|end|order|case|place|then|though|please|exactly|좀|뭐|누구|얼마|그럼)(?:야|지|예요|에요|요)?){0,2}
    [\s?!.~ㅋㅎ]*$
"""


_WHO_HAS: Final = r"""
    (?:(?:(?:who|which(?:\s+(?:one|strategy))?)(?:\s+(?:has|had|got|is|was|scores|comes\s+out))|(?:who|which)'?s)
    \s+(?:the\s+|on\s+the\s+)?|(?:그거|그게|그건|그)\s*)?
"""
"""What may come before an end of the metric that was spoken of: "who has the lowest?", "그거 젤 높은 애"."""
_DIFFERENCE: Final = rf"""
    {_ON}(?:둘\s*(?:의|간|사이의?)?\s*|(?:is|was|are)\s+)?(?:the\s+|that\s+|this\s+|그\s*)?{one_of(words.DIFFERENCES)}
    (?:가|는|도|이|\s+between\s+(?:them|the\s+two|those(?:\s+two)?|these(?:\s+two)?))?\s*
    (?:is\s+|was\s+)?(?>{one_of(words.STRENGTHS)}\s*){{0,2}}{one_of(words.SURE)}[^?!.]{{0,30}}[\s?!.~ㅋㅎ]*$
"""
"""How sure a difference is: "그 차이 믿을만해?", "is the gap just noise?"."""


_WHICH_MORE: Final = r"(?:누가|뭐가|어느\s*(?:쪽|게|것)이?|어떤\s*(?:게|쪽이))\s*더\s*"
_SIDE: Final = (
    r"(?:{everything}\s+)?(?:that\s+(?:is|are|was|were)\s+)?{english}\s+than\s+(?:that|this)(?:\s+one)?"
    r"|(?:그|이)\s*(?:것|거|값)?\s*보다\s*(?:더\s*)?{korean}(?:\s*(?:거|것|건|애들?|놈들?|전략들?|것들|거들))?"
).replace(
    "{everything}",
    r"(?:(?:and|all)\s+)?(?:everything|anything|everyone|anyone|all|those|the\s+ones|ones|any|(?:which|who)(?:\s+ones?)?(?:\s+(?:are|is|were|was))?)",
)
_LARGER: Final = rf"""{_BEFORE}(?:{
    _SIDE.format(
        english="(?:deeper|larger|bigger|higher|greater|more|above)", korean="(?:깊은|큰|높은|많은|넘는|심한)"
    )
})"""
_SMALLER: Final = rf"""{_BEFORE}(?:{
    _SIDE.format(
        english="(?:shallower|smaller|lower|less|fewer|below|milder)",
        korean="(?:얕은|작은|낮은|적은|덜한|약한)",
    )
})"""
"""On one side of the bound before: "and everything shallower than that"."""


def _continuations() -> Iterator[tuple[str, Continuation]]:
    """Yield patterns of phrases with what they mean; the first one that fits counts."""
    yield _DIFFERENCE, Continuation("certainty", 2)
    for kind, phrases in (
        ("opposite", words.OPPOSITE),
        ("why", words.WHY),
        ("certainty", words.CERTAIN),
        ("unit", words.UNIT),
        ("others", words.OTHERS),
        ("next", words.NEXT),
        ("who", words.WHO),
        ("again", words.AGAIN),
        ("best", words.BEST),
        ("worst", words.WORST),
    ):
        # "Which is best?" is a question of its own.
        before = _ON if kind in {"best", "worst"} else _BEFORE
        yield before + one_of(phrases), Continuation(kind)  # type: ignore[arg-type]
    yield rf"{_BEFORE}{words.THOSE_OUTSIDE}", Continuation("others")
    yield rf"{_BEFORE}{words.THOSE_WITHIN}", Continuation("again")
    for pattern, sign in ((_LARGER, 1), (_SMALLER, -1)):
        yield pattern, Continuation("beyond", sign)
    head = rf"(?:\s*{one_of(words.HEADS)})?"
    degrees = one_of(f"{words.HIGHEST};{words.LOWEST}")
    yield (
        rf"{_BEFORE}{one_of(words.NEXT)}(?:으로)?\s*{degrees}{head}",
        Continuation("next"),
    )  # "그 다음으로 많이 낸 건"
    for phrases, place in words.PLACES:
        yield f"{_BEFORE}{one_of(phrases)}{head}", Continuation("place", place)
    for degree, sign in (("(?:높|큰|크|많|커)", 1), ("(?:낮|작|적)", -1)):
        yield (
            rf"{_BEFORE}(?:그거|그게|그건)?\s*{_WHICH_MORE}{degree}(?:[아어]|은\s*(?:거|쪽|건|데))?",
            Continuation("degree", sign),
        )
    for degree, sign in (("(?:higher|larger|bigger|more)", 1), ("(?:lower|smaller|less|fewer)", -1)):
        yield (
            rf"{_BEFORE}(?:who|which(?:\s+one)?)(?:'?s|\s+(?:is|has|was|had))\s+(?:the\s+)?{degree}(?:\s+one)?",
            Continuation("degree", sign),
        )
    yield from (
        (
            rf"{_BEFORE}{_WHO_HAS}(?:{one_of(words.MOST)}\s*)?{one_of(phrases)}{head}(?:\s+(?:on|by|of|in)\s+(?:that|it))?",
            Continuation("degree", sign),
        )
        for phrases, sign in ((words.HIGHEST, 1), (words.LOWEST, -1))
    )


_CONTINUATIONS: Final = [
    (compiled(each if each is _DIFFERENCE else f"{each}{_END}"), meant) for each, meant in _continuations()
]


def continues(text: str) -> bool:
    """Tell whether a text says that it goes on from what was said before: "그럼 …", "and …"."""
    return _CONTINUING.search(text) is not None


def is_farewell(text: str) -> bool:
    """Tell whether a text says goodbye, and nothing else."""
    return bool(_FAREWELL.match(text) and _FAREWELL_WORD.search(text))


def is_thanks(text: str) -> bool:
    """Tell whether a text says thanks, and nothing else: "thanks, that helps", "ㅋㅋ 알겠어 고마워"."""
    said = _LETTERS.sub(" ", text)
    return _THANKS.search(said) is not None and is_farewell(said)


_THANKS: Final = compiled(r"\b(?:thanks?|thx|cheers)\b|감사|고마|고맙|수고")
_LETTERS: Final = re.compile(r"[ㄱ-ㅎㅏ-ㅣ]+")
"""Laughter and tears: "ㅋㅋ", "ㅠㅠ"."""
_WHOLE: Final = compiled(
    r"전략|백테스트|모든|모두|전체|전부|각각|strateg|backtest|\b(?:all|every|everything|each|overall)\b"
)
_MOST_WORDS: Final = 4


def is_fragment(text: str) -> bool:
    """Tell whether a text is too short to be a question of its own: "bottom two?", "제일 많이 잃은건"."""
    return len(text.split()) <= _MOST_WORDS and _WHOLE.search(text) is None


_MEANT: Final = compiled(
    r"\bi\s+(?:mean|meant|was\s+talking\s+about)\b"
    r"|말(?:하는|한)\s*(?:거|것|건데)[가-힣]{0,3}|(?:기준|으로|로|은|는|이|가)?\s*말이(?:야|에요|예요|었어|었는데)"
    r"|얘기(?:하는|한|였)[가-힣\s]{0,5}"
)


def without_correction(text: str) -> str | None:
    """Return what a text says beside that it corrects the metric, "on dd I mean"; None: it does not."""
    left = _MEANT.sub(lambda found: " " * len(found[0]), text)
    return left if left != text else None


def read_continuation(text: str) -> Continuation | None:
    """Return what a text asks of the answer before, if that is all that it says."""
    return next((meant for pattern, meant in _CONTINUATIONS if pattern.search(text)), None)
