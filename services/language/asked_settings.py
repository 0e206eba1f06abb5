"""What a question asks of how backtests were set: "against which benchmark?", "다들 수수료 같아?".

Only what is understood as a whole is one: with any other word in it, a message asks something else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from services.language.phrases import compiled, listed, one_of
from services.language.vocabulary import asked_settings as words
from services.language.vocabulary.commands import PARTICLES

LONGEST: Final = 200
"""The most characters of such a question."""
Setting = Literal[
    "symbols", "commission", "slippage", "period", "capital", "parameters", "benchmark", "type", "engine"
]
Unit = Literal["", "percent", "days"]
SETTINGS: Final[tuple[Setting, ...]] = get_args(Setting)
CONDITIONS: Final[tuple[Setting, ...]] = (
    "symbols", "period", "capital", "commission", "slippage", "benchmark"
)  # fmt: skip
"""Those without which backtests do not compare."""


@dataclass(frozen=True, slots=True)
class Said:
    """A value that a question says a setting has: a number, a share of one, or a number of trading days.

    `parameter`: the one that it is of, where the question names one.
    """

    value: float
    unit: Unit
    written: str
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class AskedSettings:
    """What is asked of settings.

    Attributes:
        settings: which; none: those of the question before.
        alike: whether they are the same is asked (True), or whether they differ (False); None: their values.
        said: the value that one is said to have.
        net: whether figures are after these costs is asked.

    """

    settings: tuple[Setting, ...] = ()
    alike: bool | None = None
    said: Said | None = None
    net: bool = False

    @property
    def is_of_before(self) -> bool:
        """Whether only the question before says which settings are meant: "same for all?"."""
        return self.alike is not None and not self.settings


_BESIDE_BENCHMARK: Final = compiled(
    r"\b(?:do|did|does|doing|fare[ds]?|perform(?:ed|s)?|hold\s+up|stack\s+up|compare[sd]?)\b.*"
    r"\b(?:against|vs\.?|versus|relative\s+to|to|with)\s+(?:the\s+|its\s+|their\s+)?benchmark\b"
)
"""What is asked of figures beside the benchmark's: "how did it do against the benchmark"."""


def read_asked_settings(text: str, spans: Sequence[tuple[int, int]]) -> AskedSettings | None:
    """Return what a text asks of settings; None: it asks something else. `spans`: where it has names."""
    if len(text) > LONGEST or _BESIDE_BENCHMARK.search(text):
        return None
    left = list(text)
    for start, end in spans:
        left[start:end] = " " * (end - start)
    rest = "".join(left).casefold()
    if (spans or _IT.search(rest)) and _OF_KIND.fullmatch(rest.strip(" \t\n?!.,~")):
        return AskedSettings(("parameters", "type"))
    said, rest = _said_in(rest)
    if said and (found := _PARAMETER.search(rest)):
        said = replace(said, parameter=_PARAMETERS.get(found.group(), found.group()))
        rest = _PARAMETER.sub(" parameter ", rest)
    named, rest = _settings_in(rest)
    how = _EVERYTHING.search(rest) is not None or _RATE.search(text) is not None
    rest = _EVERYTHING.sub("  ", rest)
    alike, rest = _alike_in(rest)
    net = bool(named) and set(named) <= _COSTS and _NET.search(rest) is not None
    rest = _OF_NET.sub("  ", rest) if net else rest
    kinds = {_kind(each) for each in _WORD.findall(rest)}
    if None in kinds or not _asks(named, kinds, text, how=how or net, alike=alike, said=said):
        return None
    if not named and not how and (spans or "several" not in kinds):
        return None
    if how and not named:
        return AskedSettings(CONDITIONS, alike) if alike is not None else None
    if "costs" in named:
        named = [*named, "commission", "slippage"]
    return AskedSettings(tuple(each for each in SETTINGS if each in named), alike, said, net)


def _settings_in(text: str) -> tuple[list[str], str]:
    """Return the settings that a text names, and the text without them."""
    named = []
    for setting, pattern in _SETTINGS:
        if pattern.search(text):
            named.append(setting)
            text = pattern.sub("  ", text)
    return named, text


def _asks(
    named: Sequence[str],
    kinds: set[str | None],
    text: str,
    *,
    how: bool,
    alike: bool | None,
    said: Said | None,
) -> bool:
    """Tell whether known words are such a question: not "over the same period?", "fees?"."""
    asking = "asking" in kinds
    if alike is not None:
        if "period" in named and _IN_A_PERIOD.search(text) and not _BEGINS_PLURAL.search(text):
            return False  # "how was it over the same period?"
        return asking or _BEGINS_ALIKE.search(text) is not None or _ENDS_ALIKE.search(text) is not None
    if said is not None:
        return bool(named) and set(named) <= _NUMBERS and (asking or "?" in text)
    figures = set(named) <= _ALSO_FIGURES
    if not named or (figures and not how):
        return False
    return asking or (how and bool(named)) or not set(named) <= _ALSO_FIGURES | _NEEDS_ASKING


def _alike_in(text: str) -> tuple[bool | None, str]:
    """Return whether it is asked if settings are the same, or differ, and the text without that."""
    for alike, patterns in ((False, _DIFFERENT), (True, _SAME)):
        for pattern in patterns:
            if pattern.search(text):
                return alike, pattern.sub("  ", text)
    return None, text


def _said_in(text: str) -> tuple[Said | None, str]:
    """Return the only number of a text, and the text without it."""
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        return None, text
    (match,) = found
    value, unit = float(match["number"].replace(",", "")), match["unit"] or ""
    written = match.group().strip()
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    for units, scale, kind in _UNITS:
        if unit in units:
            return Said(value * scale, kind, written), rest
    return Said(value, "", written), rest


def _kind(word: str) -> str | None:
    """Return the kind of a word, with or without a particle; None: it is not known here."""
    if word in _PARTICLES:
        return "beside"
    for form in (word, _PARTICLE.sub("", word)):
        kind = next((kind for kind, known in _KINDS if form in known), None)
        if kind:
            return kind
    return None


_SETTINGS: Final = [(setting, compiled(one_of(phrases))) for setting, phrases in words.SETTINGS.items()]
_PARAMETERS: Final = {"룩백": "lookback", "윈도우": "window", "과매도": "lower", "과매수": "upper"}
_PARAMETER: Final = compiled(one_of("; ".join((words.PARAMETERS, *_PARAMETERS))))
_ALSO_FIGURES: Final = frozenset({"commission", "costs"})
"""What was paid for them is asked for by the same words."""
_COSTS: Final = _ALSO_FIGURES | {"slippage"}
_NET: Final = compiled(one_of(words.NET))
_OF_NET: Final = compiled(one_of(f"{words.NET}; {words.OF_NET}"))
_NUMBERS: Final = _ALSO_FIGURES | {"slippage", "capital", "parameters", "symbols"}
_NEEDS_ASKING: Final = frozenset({"benchmark", "period", "type"})
"""Alone they continue another question: "and the benchmark?"."""
_EVERYTHING: Final = compiled(one_of(words.EVERYTHING))
_DIFFERENT: Final = (compiled(one_of(words.DIFFERENT)), compiled(words.KOREAN_DIFFERENT + words.ENDINGS))
_SAME: Final = (
    compiled(one_of(words.SAME)),
    compiled(rf"{words.KOREAN_SAME}(?:은(?!가|지|거|건)|한(?!가|지|거)|이|하게|{words.ENDINGS})"),
)
_IT: Final = compiled(r"\b(?:it|that|this)\b|(?<![가-힣])(?:그|이|얘|걔|쟤)")
_OF_KIND: Final = compiled(
    r"(?:(?:and|so|btw|ok)\W+)?what\s+(?:kind|sort|type)\s+of\s+(?:an?\s+)?(?:strategy|strat|algo|thing)\s+(?:is|was)"
    r"(?:\s+(?:it|that|this)(?:\s+one)?)?(?:\s+(?:anyway|again|exactly|then|really))?"
    r"|(?:(?:and|so|btw|ok)\W+)?what(?:'?s|\s+is|\s+was)\s+(?:exactly|really|it\s+exactly|that\s+exactly)"
    r"|(?:(?:그럼|근데)\s+)?(?:[은는이가도]\s*)?(?:(?:이거|이건|이게|그거|그건|그게|얘는?|걔는?|쟤는?)\s*)?"
    r"(?:대체\s*|도대체\s*)?(?:무슨|어떤|뭔)\s*(?:종류의?\s*)?전략(?:이[야지냐니에요예었어였]{1,3}|인[가지데]요?|임|이죠)"
)
"""What kind of strategy one is: its type and parameters tell it."""
_RATE: Final = compiled(
    r"\b(?:commission|fee|slippage)\s+rates?\b|수수료율|슬리피지율"
    r"|\b(?:commissions?|fees?)\b.{0,30}\b(?:use[sd]?|using|assume[sd]?|appl(?:y|ied)|set)\b"
    r"|수수료.{0,12}(?:썼|쓴|적용|돌렸|돌린|잡[았은])"
)
_BEGINS_ALIKE: Final = compiled(r"^\W*(?:and\s+|so\s+)?(?:(?:all|both)\s+)?(?:the\s+)?(?:same|different)\b")
_IN_A_PERIOD: Final = compiled(
    r"\b(?:over|for|in|during|within|on|at)\s+(?:the\s+|that\s+)?(?:same|different)\s"
)
_BEGINS_PLURAL: Final = compiled(
    r"^\W*(?:(?:and|so|ok)\s+)?(?:do|did|are|were|have)\s+(?:they|these|those|both|all|the|we)\b"
)
_ENDS_ALIKE: Final = compiled(
    rf"(?:{words.KOREAN_SAME}(?!은\b|한\b|이\b|하게)|{words.KOREAN_DIFFERENT}){words.ENDINGS}\W*$"
)
_NUMBER: Final = compiled(
    r"(?<![\w.])(?!(?:19|20)\d\d\s*(?:년|\W|$))(?P<number>\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<unit>%|percent|pct|bps?|프로|퍼센트|k\b|m\b|months?|개월|달|weeks?|주|days?|일|years?|년|만|억)?(?![a-z\d])"
)
_UNITS: Final[tuple[tuple[frozenset[str], float, Unit], ...]] = (
    (frozenset({"%", "percent", "pct", "프로", "퍼센트"}), 0.01, "percent"),
    (frozenset({"bp", "bps"}), 0.0001, "percent"),
    (frozenset({"k"}), 1_000, ""),
    (frozenset({"m"}), 1_000_000, ""),
    (frozenset({"만"}), 10_000, ""),
    (frozenset({"억"}), 100_000_000, ""),
    (frozenset({"day", "days", "일"}), 1, "days"),
    (frozenset({"week", "weeks", "주"}), 5, "days"),
    (frozenset({"month", "months", "개월", "달"}), 21, "days"),
    (frozenset({"year", "years", "년"}), 252, "days"),
)
"""With how much a number is multiplied; a month has 21 trading days."""
_WORD: Final = re.compile(r"\w[\w']*")
_PARTICLES: Final = frozenset(listed(PARTICLES))
_PARTICLE: Final = re.compile(rf"(?<=.)(?:{'|'.join(sorted(_PARTICLES, key=len, reverse=True))})$")
_KINDS: Final = (
    ("asking", frozenset(listed(words.ASKING))),
    ("several", frozenset(listed(words.SEVERAL))),
    ("beside", frozenset(listed(words.BESIDE))),
)
