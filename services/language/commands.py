"""What a message asks to be done: to run a backtest, to run one again, to cancel one, to say yes.

The settings of a run are read to values here. Which strategy, type and symbols its other words name depends
on what there is: they are left as they are written.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, Literal

from services.language.among import adds, begins_without
from services.language.parsing import parse
from services.language.phrases import compiled, listed, normal, one_of
from services.language.run_settings import NO_SETTINGS, Settings, read_settings
from services.language.stakes import read_stake
from services.language.variants import alternatives
from services.language.vocabulary import commands as words

Kind = Literal["run", "change", "before", "cancel", "status", "types", "symbols", "yes", "no"]
"""`before`: how what was run compares with the run before it."""


@dataclass(frozen=True, slots=True)
class Command:
    """What a message asks to be done.

    Attributes:
        kind: what it is.
        again: it is about what was run before.
        settings: of a run.
        rest: the words that are left, in order, as they are written: they name what is run.
        others: the same with another value of a list, "10, 14 and 20": each is a run of its own.
        supposed: it is asked what if, without a word that asks for a run.

    """

    kind: Kind
    again: bool = False
    settings: Settings = NO_SETTINGS
    rest: str = ""
    others: tuple["Command", ...] = ()
    supposed: bool = False


def read_command(text: str) -> Command | None:
    """Return what a message asks to be done; None: it asks for nothing, but may be a question."""
    text = _EXCLAIMED.sub("", normal(text))
    kind = _whole(" ".join(re.sub(r"[^\w\s']+", " ", text).split())) or _list_in(text)
    if kind is None and (_BEFORE.search(text) or _CHANGED.search(text)):
        kind = "before"
    if kind:
        return Command(kind)
    if found := _CANCEL.search(text):
        return Command("cancel", rest=f"{text[: found.start()]} {text[found.end() :]}".strip())
    first, *others = (_read_run(each) for each in alternatives(text))
    return first and replace(first, others=tuple(filter(None, others)))


_EXCLAIMED: Final = compiled(r"^(?:(?:헐|헉|와|우와|대박|엥|오|wow|whoa|omg)(?![\w가-힣])[\s,.!~?]*)+(?=\S)")
"""What a message begins with that names nothing."""
_SAME_BY: Final = compiled(
    r"^\W*(?>(?:ok|okay|now|and|then|so|the)\s+){0,2}same\s+(?:thing\s+)?(?:on|by|for)\b"
)


def _read_run(text: str) -> Command | None:
    if read_stake(text):
        return None
    if _SAME_BY.search(text) and parse(text, {}).criteria:
        return None  # "ok same thing on drawdown"
    settings, rest = read_settings(text)
    again = _AGAIN.search(text) is not None
    if any(pattern.search(each) for pattern in _RUNS for each in (text, rest)):
        return Command("run", again, settings, _without_verbs(rest))
    asks = any(pattern.search(text) for pattern in _WHAT_IFS)
    asks_then = _ASKING.search(text) or _LOOKING.search(text)
    if settings.of_time and asks_then and not _RUNNING.search(text):
        return None  # its figures are known without a new run
    if (settings.named and asks) or (settings.of_money and (again or _SEEING.search(text))):
        rest = _SEEING.sub(" ", _without_verbs(rest))
        return Command("run", again=True, settings=settings, rest=rest, supposed=True)
    return None


def read_wish(message: str) -> Command | None:
    """Read a message that may name what to run, without a word that asks for it: "RSI AAPL 10 bps".

    None: it is a question, about figures, or one word.
    """
    text = normal(message)
    if text.endswith("?") or _INTERROGATIVE.search(text) or _COMPARING.search(text):
        return None
    first, *others = map(read_settings, alternatives(_LEADING.sub("", text)))
    question = parse(first[1], {})
    of_figures = question.criteria or question.overall or question.relation or question.among
    if len(text) > _LONGEST_WISH or of_figures or adds(text) or begins_without(text):
        return None
    again = _AGAIN.search(text) is not None
    wish = Command("run", again, first[0], _without_verbs(first[1]))
    wishes = tuple(Command("run", again, each, _without_verbs(rest)) for each, rest in others)
    words = len(said_words(wish.rest))
    return replace(wish, others=wishes) if again or words > (0 if wish.settings.of_money else 1) else None


def read_change(text: str) -> Command:
    """Read a message as one that changes what is proposed: "수수료는 0.2 %로", "no, make it 30 bps"."""
    read = map(read_settings, alternatives(_LEADING.sub("", normal(text))))
    first, *others = (Command("change", settings=each, rest=_without_verbs(rest)) for each, rest in read)
    return replace(first, others=tuple(others))


def may_change(message: str, change: Command, symbols: Collection[str]) -> bool:
    """Tell whether a message may change what is proposed: not a question, nor one without values or names.

    `symbols`: of what is proposed.
    """
    text = normal(message)
    question = parse(text, {})
    about_figures = bool(question.criteria or question.overall or question.relation)
    if question.stake:
        return False
    if (
        change.settings.of_time
        and not _KEEPING.search(text)
        and (text.endswith("?") or _INTERROGATIVE.search(text) or about_figures or question.continuation)
    ):
        return False
    if change.settings.named or any(each.upper() in symbols for each in _WORDS.findall(text)):
        return not text.endswith("?") or change.settings.named
    valued = re.search(r"\d", change.rest) is not None
    asks = _INTERROGATIVE.search(text) or (about_figures and not valued) or text.endswith("?")
    return not asks and bool(valued or said_words(change.rest))


_KEEPING: Final = compiled(
    r"그대로|로\s*(?:해|바꿔|변경해|맞춰)\s*(?:줘|주세요|봐|주라)|\b(?:keep|leave)\b.*\b(?:as|same|but)\b"
)
"""What changes or keeps a setting of what is proposed, and asks of no figure."""


def agrees(message: str) -> bool:
    """Tell whether a message agrees to what was just asked: "sounds good", and not "great, thanks"."""
    said = set(re.sub(r"[^\w\s']+", " ", normal(message)).casefold().split())
    core, beside = _ANSWERS["yes"]
    return not said.isdisjoint(_SOFT_YES) and said <= (core | beside | _SOFT_YES) - _THANKS


def names_a_place(message: str) -> bool:
    """Tell whether a message names a place among strategies: "the second one"."""
    return any(pattern.search(normal(message)) for pattern in _PLACES)


def cancels(message: str) -> bool:
    """Tell whether a message says that something shall be cancelled."""
    return _CANCELLING.search(normal(message)) is not None


def has_own_words(message: str) -> bool:
    """Tell whether a message has words of a language: not symbols, names of parameters and numbers alone."""
    text = normal(message)
    own = [each for each in re.findall(r"[^\W\d_]+", text) if each.casefold() not in _PARAMETERS]
    return any(not (each.isascii() and each.isupper()) for each in own)


def said_words(rest: str) -> list[str]:
    """Return the words that say what is run, in lower case and without particles."""
    stems = (each.strip(".-'") for each in _WORDS.findall(rest.casefold()))
    said = (each for each in stems if each not in _PARTICLES and not _CHANGING.match(each))
    bare = (each if each in _FILLERS else _PARTICLE.sub("", each) for each in said)
    return [each for each in bare if each and each not in _FILLERS]


_PARAMETERS: Final = frozenset(
    word for name, phrases in words.PARAMETERS.items() for word in (name, *listed(phrases)) if word.isascii()
)
_FILLERS: Final = frozenset(listed(words.FILLERS))
_PARTICLES: Final = frozenset(listed(words.PARTICLES))
_PARTICLE: Final = re.compile(rf"(?<=.){one_of(words.PARTICLES)}$")
_CHANGING: Final = re.compile(rf"^{one_of(words.CHANGING_STEMS)}")
_AGAIN: Final = compiled(one_of(words.AGAIN))
_WORDS: Final = re.compile(r"[\w.&^=+'-]+")
_LISTS: Final[dict[Kind, re.Pattern[str]]] = {
    "types": compiled(rf"{one_of(words.TYPES)}[가-힣]*"),
    "symbols": compiled(rf"{one_of(words.SYMBOLS)}[가-힣]*"),
}
_BEFORE: Final = compiled(
    rf"(?<![가-힣]){one_of(words.BEFORE)}\s*(?:꺼|거|것|결과)?(?:보다|이랑|랑|과|와|하고)"
    rf"|(?:than|to|with|from|vs|versus|against)\s+{one_of(words.ENGLISH_BEFORE)}[\s?!.]*$"
)
_CHANGED: Final = compiled(one_of(words.CHANGED))
_PLACES: Final = [compiled(one_of(phrases)) for phrases, _ in words.ORDINALS]
_STATUS: Final = compiled(
    rf"(?:{one_of(words.BESIDE_STATUS)}\s*)*{one_of(words.STATUS)}(?:\s*{one_of(words.BESIDE_STATUS)})*"
)

_END: Final = r"(?:요|용|좀|ㅎ|ㅋ|ㅠ|[~!.?,\s]|please|pls|부탁해요?|감사합니다|고마워|thanks|thank\s+you)*$"
_KOREAN_VERB: Final = rf"""(?:
    {one_of(words.WORK)}\s*(?:을|를)?\s*(?:{one_of(words.AGAIN)}|좀|한\s*번|바로|빨리|\s)*{one_of(words.DOING)}
    |{one_of(words.RUNNING)}
)"""
_START: Final = rf"^(?:{one_of(words.OPENING)}[\s,.!-]*)*"
_POLITE: Final = rf"(?:{one_of(words.POLITE)}\s+)*"
_RUNS: Final = (
    compiled(
        rf"(?:{_KOREAN_VERB}|{one_of(words.AGAIN)}\s*(?:{one_of(words.WORK)}|한\s*번\s*해|해)(?:\s*{one_of(words.ASKING)})?|재실행"
        rf"|도\s*{one_of(words.LIKEWISE)}(?:\s*해)?(?:\s*{one_of(words.ASKING)})?|(?<=\S\s){one_of(words.RUNS_ALONE)}(?:요|를|을)?){_END}"
    ),
    compiled(rf"{_KOREAN_VERB}\s*{one_of(words.ASKING)}(?:요)?(?![가-힣])"),
    compiled(rf"{_KOREAN_VERB}{one_of(words.WHAT_IF)}\s*(?:.{{0,12}}{one_of(words.OUTCOME)}|$)"),
    compiled(rf"{_START}{_POLITE}{one_of(words.VERBS)}(?!-|\s+to\b|\s+(?:period|window|dates)\b)"),
    compiled(rf"{_START}{_POLITE}(?:the\s+)?same\s+as\s+(?=.{{1,60}}\s(?:but|with|on|except)\b)"),
    compiled(
        rf"{_START}{_POLITE}{one_of(words.MAKING)}(?!\s+(?:you|i|we|they|it)\b)"
        rf"(?=\s(?:[\w.&/'-]+\s){{0,8}}{one_of(words.MADE)})"
    ),
)
"""A request to run a backtest: in Korean by the ending of its verb, in English at the beginning."""
_WHAT_IFS: Final = (
    compiled(
        rf"(?<=[가-힣%\d]){one_of(words.WHAT_IF)}\s*(?:$|[?.!~]|.{{0,12}}{one_of(words.OUTCOME)}[가-힣]*)"
        rf"|(?<=\S)\s*{one_of(words.TRYING)}{_END}|(?:으?로|를|을|은|는)\s*{one_of(words.CHANGING)}\s*(?:{one_of(words.ASKING)})?{_END}"
    ),
    compiled(rf"{_START}{_POLITE}{one_of(words.ENGLISH_WHAT_IF)}"),
)
"""Beside a setting: a question that only a new run answers."""
_ASKING: Final = compiled(
    rf"{_START}{_POLITE}{one_of(words.WHAT_ABOUT)}|{one_of(words.WHAT_IF)}\s*(?:$|[?.!~])"
)
"""Beside a period alone: a question about a window of time."""
_LOOKING: Final = compiled(
    r"만\s*(?:놓고\s*|따로\s*|떼어\s*)?(?:보면|봤을|본다면)|(?:보|따지|치|한정하|좁히)면|봤을\s*때"
)
"""A period that is only looked at: "2009년만 보면"."""
_RUNNING: Final = compiled(one_of(f"{words.VERBS}; {words.MADE}; running; ran"))
_SEEING: Final = compiled(
    rf"{_START}{_POLITE}{one_of(words.SEEING)}|(?:으?로)\s*{one_of(words.REQUESTS)}{_END}"
)
"""Beside a cost or an amount of money: a request in other words."""
_CANCELLING: Final = compiled(f"{one_of(words.CANCELLING)}|{one_of(words.ENGLISH_CANCELLING)}")
_CANCEL: Final = compiled(
    rf"{_START}(?:{one_of(words.POLITE)}\s+)*{one_of(words.ENGLISH_CANCELLING)}(?!\s*loss)"
    rf"|{one_of(words.CANCELLING)}\s*(?:해|시켜|하|둬|돌려)?\s*(?:{one_of(words.ASKING)})?{_END}"
)


_ANSWERS: Final[dict[Kind, tuple[frozenset[str], frozenset[str]]]] = {
    "yes": (frozenset(listed(words.YES)), frozenset(listed(words.BESIDE_YES))),
    "no": (frozenset(listed(words.NO)), frozenset(listed(words.BESIDE_NO))),
}


def _whole(text: str) -> Kind | None:
    """Return what a message, without its punctuation, is as a whole."""
    if _STATUS.fullmatch(text):
        return "status"
    said = _JOINED_YES.sub(r"\1 ", text.casefold()).split()
    for kind, (core, beside) in _ANSWERS.items():
        if not core.isdisjoint(said) and core | beside >= set(said):
            return kind
    return None


_JOINED_YES: Final = re.compile(rf"(?<!\S)({one_of(words.YES_BEFORE_A_VERB)})(?={one_of(words.AFTER_A_YES)})")
"""A yes without a blank after it: "응실행해"."""
_THANKS: Final = frozenset({"thanks", "thank"})
_SOFT_YES: Final = frozenset(listed(words.SOFT_YES))
_INTERROGATIVE: Final = compiled(
    rf"^(?:{one_of(words.OPENING)}[\s,.!-]*)*{one_of(words.INTERROGATIVES)}(?!\s+about)"
    rf"|{one_of(words.KOREAN_INTERROGATIVES)}|[가-힣](?:까|니|나요|가요|냐)\s*\?*$"
)
_COMPARING: Final = compiled(r"\b(?:vs|versus|compared?|than)\b|비교|보다|대비")
_LONGEST_WISH: Final = 200
_LEADING: Final = compiled(
    rf"^(?:(?:{one_of(words.BEFORE_A_CHANGE)}(?![가-힣\w])|no(?=[,.!]|\s+(?:make|use|set|change|wait|it|i)\b))(?:[\s,!-]|\.(?!\d))*)+"
)
"""What a change may begin with."""


def _list_in(text: str) -> Kind | None:
    """Return which list a message asks for."""
    if _WAS_RUN.search(text):  # "종목은 뭐로 했어" is of what has run
        return None
    found = (
        kind for kind, each in _LISTS.items() if each.search(text) and not said_words(each.sub(" ", text))
    )
    return next(found, None)


_WAS_RUN: Final = compiled(r"로\s*(?:했|한|썼|쓴|돌렸|돌린|거래했)|\bdid\s+(?:it|you|they|we)\b|\bwas\s+it\b")


def _without_verbs(rest: str) -> str:
    """Return what is left without the words that ask."""
    for pattern in (*_RUNS, *_WHAT_IFS):
        rest = pattern.sub(" ", rest)
    return " ".join(rest.split())
