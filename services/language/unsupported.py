"""Requests for what the chat can't do: orders, optimisation, leverage, deletion."""

from typing import Final

from services.language.phrases import compiled, normal, one_of
from services.language.vocabulary import commands
from services.language.vocabulary import unsupported as words


def unsupported_in(message: str, *, runs: bool) -> tuple[str, str] | None:
    """Return what a message asks for that can't be done, and the words for it; None: nothing.

    `runs`: it asks for a backtest, of which no other thing may be said either.
    """
    text = normal(message).replace("-", " ")
    if found := _ORDER.search(text):
        return "trading", found["english"] or found["korean"]
    for feature, pattern in _DONE_BY_ONE.items():
        if found := pattern.search(text):
            return feature, found["what"] or found["korean"]
    asks = bool(_ASKS.search(text) or _KOREAN_ASKS.search(text))
    for feature, pattern in _FEATURES.items():
        wanted = (runs and feature in words.RUNS) or (asks and feature not in _OF_RUNS_ALONE)
        if wanted and (found := pattern.search(text)) and not _means_else(feature, text):
            return feature, found.group()
    return None


def index_in(message: str) -> str | None:
    """Return the market index that strategies are to be compared with, as written; None: there is none."""
    found = _INDEX.search(normal(message))
    return found and (found["english"] or found["korean"])


def _means_else(feature: str, text: str) -> bool:
    """Whether the words for something have another meaning in a text."""
    other = _OTHERWISE.get(feature)
    return other is not None and other.search(text) is not None


_START: Final = rf"^(?:{one_of(commands.OPENING)}[\s,.!-]*)*(?:{one_of(commands.POLITE)}\s+)*"
_ASKS: Final = compiled(
    rf"{_START}(?:{one_of(words.ASKING)}|{one_of(words.ABLE)})"
    rf"|\b(?:is|are)\b.{{1,60}}\b{one_of(words.ENGLISH_END)}[\s?!.]*$"
)
_END: Final = r"(?:요|용|좀|ㅎ|ㅋ|ㅠ|[~!.?,\s])*$"
_KOREAN_ASKS: Final = compiled(rf"{one_of(words.DOING)}\s*(?:{one_of(words.ENDING)})?{_END}")
_FEATURES: Final = {
    name: compiled(one_of(phrases)) for name, phrases in {**words.RUNS, **words.OTHERS}.items()
}
_ORDER: Final = compiled(
    rf"{_START}(?P<english>{one_of(words.ENGLISH_TRADES)}\s+(?!and\b|&)(?:\d+\s+(?:shares\s+of\s+)?)?"
    r"(?-i:[A-Z]{2,6})(?![A-Za-z])(?!\s*\d))"
    rf"|(?<![가-힣])(?P<korean>\d+\s*주\s*(?:매수|매도)|{one_of(words.TRADES)}\s*(?:{one_of(words.ENDING)}|볼까|버려)){_END}"
)
_INDEX: Final = compiled(
    rf"(?P<korean>{one_of(words.KOREAN_INDEXES)})\s?(?:지수)?\s?(?:이?랑|와|과|하고|보다|대비|에\s?비해|(?:를|을)?\s?(?:이[겼긴기]|앞[선섰]))"
    r"|\b(?:compared?\s+(?:it\s+|them\s+|that\s+)?(?:with|to|against)|vs|versus|against|than|beats?|beaten|beating|outperform\w*"
    rf"|relative\s+to|do\s+with)[.]?\s+(?:the\s+)?(?P<english>{one_of(words.INDEXES)})(?:\s+index)?(?=\W*$|\s+(?:in|over|on|since|by)\b)"
)
"""What strategies would be compared with that is held here only where it is a benchmark, or a symbol."""
_WHO: Final = r"^\W*(?:so\s+|and\s+)?(?:which|who|any|do|does|did|are|is|how\s+many)\b.*"
_DOES: Final = (
    r"\b(?:us(?:e|es|ed|ing)|go(?:es|ing)?|takes?|taking|sells?|selling|with|them|these|it)\s+(?:any\s+)?"
)
_DONE: Final = r"\s*(?:을|를|도|까지)?\s*(?:쓰|써|하는|해|치는|사용|있)"
_DONE_BY_ONE: Final = {
    "leverage": compiled(rf"{_WHO}{_DOES}(?P<what>leverage|margin)\b|(?P<korean>레버리지|미수){_DONE}"),
    "shorts": compiled(rf"{_WHO}{_DOES}(?P<what>shorts?)\W*$|(?P<korean>공매도|숏){_DONE}"),
}
"""Questions which strategy does what none does: "which one uses leverage?", "공매도 하는 전략은?"."""
_OF_RUNS_ALONE: Final = frozenset({"sizing"})
"""Other messages ask for a figure in these words."""
_OTHERWISE: Final = {
    "deletion": compiled(
        rf"{one_of(commands.BENCHMARK)}|{one_of(commands.COMMISSION)}|{one_of(commands.SLIPPAGE)}"
    ),
    "optimisation": compiled(r"과최적화|과적합|over-?(?:fit|optimi[sz])"),
    "schedule": compiled("rebalanc|리밸런|고정\\s*비중|fixed\\s+weight"),
    "charts": compiled(r"종목|symbol"),
}
