"""Questions for what a sum would have become: "what did 100k turn into?", "1000만원 넣었으면 얼마 됐어?"."""

from dataclasses import dataclass
from typing import Final

from services.language.phrases import compiled

LONGEST: Final = 300
"""The most characters of such a question."""
MOST: Final = 1e15
_SUM: Final = r"""
    (?:[$₩€]\s?|(?!(?:19|20)\d\d(?![\d,.]|\s?[km만억원천])))
    (?:(?P<number>\d[\d,]*(?:\.\d+)?)\s?(?P<unit>k|m|thousand|grand|million|천만|백만|십만|만|억|천)?
        |(?<![가-힣])(?P<spelt>천만|백만|십만)(?=\s?원)
    )(?![a-z\d%])
    (?:\s?(?:dollars|bucks|usd|won|krw|원|달러|불)(?![a-z]))?
"""
_UNITS: Final = {
    "k": 1e3, "thousand": 1e3, "grand": 1e3, "천": 1e3, "만": 1e4, "십만": 1e5, "백만": 1e6, "m": 1e6,
    "million": 1e6, "천만": 1e7, "억": 1e8,
}  # fmt: skip
_GROWN: Final = r"""
    (?:turn(?:ed)?\s+(?:in)?to|gr[oe]wn?\s+(?:in)?to|gr[oe]wn?|becom(?:e|ing)|became|be(?:en)?\s+worth|be\s+now
    |end(?:ed)?\s+up(?:\s+(?:as|at|being))?|be|been)(?![a-z])
"""
_ASKING: Final = [
    compiled(
        rf"""\b(?:what|how\s+much)\s+(?:did|would|does|will|could|do)\s+(?:an?\s+|my\s+|the\s+)?
        (?:(?:initial\s+|starting\s+)?(?:investment|stake)\s+of\s+)?{_SUM}\s+(?:(?:have|invested|now)\s+){{0,2}}{_GROWN}"""
    ),
    compiled(
        rf"\b(?:turn(?:s|ed)?|gr[eo]ws?)\s+{_SUM}\s+into\s+(?:how\s+much|what|the\s+most|the\s+least)(?![a-z])"
    ),
    compiled(rf"{_SUM}\s+(?:would\s+have\s+)?(?:turned|grew|grown)\s+into\s+(?:how\s+much|what)(?![a-z])"),
    compiled(
        rf"""{_SUM}\s+in(?:to)?\s+(?=\S.{{1,60}}\b(?:turns?|turned|becomes?|became|grows?|grew|be|is)\b)
        (?=.*\b(?:what|how\s+much)\b)"""
    ),
    compiled(
        rf"""\b(?:if\s+)?i(?:'d|\s+had|\s+would\s+have)?\s+(?:put|invested|invest|started\s+with)\s+{_SUM}
        (?:\s+in(?:to)?(?![a-z]))?(?=.*\b(?:how\s+much|what)\b)"""
    ),
    compiled(
        rf"""\b(?:how\s+much|what)\s+would\s+i\s+(?:have|have\s+had|end\s+up\s+with)\s+(?:now\s+)?(?:if|had)\s+i(?:'d|\s+had)?\s+
        (?:put|invested|started\s+with)\s+{_SUM}(?:\s+in(?:to)?(?![a-z]))?"""
    ),
    compiled(
        rf"""{_SUM}\s*(?:씩|만)?\s*(?:을|를|으로|로)?\s*(?:넣|투자|굴[리렸린]|박[았으]|태[우웠]|시작)[가-힣]{{0,5}}
        (?=.*(?:얼마|몇)|(?<=으면)\W*$|(?<=다면)\W*$)"""
    ),
    compiled(rf"{_SUM}\s*[이가은는]\s*얼마[가나로]?\s*(?:됐|되|돼|불|변|커)[가-힣]{{0,4}}"),
]
_LEFT: Final = compiled(
    r"(?:지금은?|현재|결국|최종적으로|나중에)?\s*얼마[가나로]?\s*(?:됐|되|돼|불|변|있|남|야|였|일|인)?[가-힣]{0,4}\W*$"
    r"|\b(?:turns?|turned|becomes?|became|grows?|grew)\s+(?:(?:in)?to\s+)?(?:what|how\s+much)\W*$"
    r"|\b(?:how\s+much|what)\s+would\s+(?:i|it|that)\s+(?:have|be)(?:\s+(?:now|been|worth|today|had))*\W*$"
    r"|\b(?:what|how\s+much)\s+(?:money\s+)?(?:do|did|would|have)\s+i\s+(?:have|get|end\s+up\s+with|got)(?:\s+now)?\W*$"
)
"""What is left of such a question after the sum: "… how much would I have?"."""


@dataclass(frozen=True, slots=True)
class Stake:
    """A sum of money, and the text that asks what it became without the words for it, at the same places."""

    sum: float
    rest: str


def read_stake(text: str) -> Stake | None:
    """Return the sum of which a text asks what it became; None: it asks something else."""
    if len(text) > LONGEST:
        return None
    for pattern in _ASKING:
        if match := pattern.search(text):
            unit = (match["unit"] or match["spelt"] or "").casefold()
            money = float((match["number"] or "1").replace(",", "")) * _UNITS.get(unit, 1.0)
            rest = f"{text[: match.start()]}{' ' * len(match.group())}{text[match.end() :]}"
            rest = _LEFT.sub(lambda found: " " * len(found.group()), rest)
            return Stake(money, rest) if 0 < money <= MOST else None
    return None
