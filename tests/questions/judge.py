"""Whether an answer is right, from the stored figures and what happened, not from the words of the program.

An expectation is one of these; ` | ` between several says that each is right, ` ; ` that all must hold:

- `best METRIC highest|lowest [#2] [among A, B] [in DAY..DAY]`: the one of that rank is named first, with its
  figure, and no figure of any but A and B is given
- `order METRIC highest|lowest [#3] [among …]`: so many (or all) are given with their figures, in that order
- `list METRIC > 0.1`, `count METRIC > 0.1`: those with such a figure are given; how many there are
- `figure METRIC of A, B [in DAY..DAY]`: these strategies' figures, and those of no other
- `config FIELD of A`: a setting that the backtest of A ran with; no other strategy is named
- `names A, B`: these and no others are named, in any order; `names *`: all
- `sure A, B`: these are named, with a probability, a p-value or an interval
- `proposes N FIELD=VALUE …`: so many backtests are proposed, the last of them so configured
- `starts N`, `drops`: so many are started; what was proposed is not proposed any more
- `cannot`: it says so, without any figure
- `says A / B`: one of these words is in the text, and no figure is; `with A / B`: one of these words is
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from tests.questions.catalogue import Run
from tests.questions.reading import FIGURE, claims, language_of, named, written

Judgement = Literal["right", "cannot", "wrong"]
Relation = Callable[[float, float], bool]
_RELATIONS: Final[dict[str, Relation]] = {
    ">": lambda value, bound: value > bound,
    "<": lambda value, bound: value < bound,
    ">=": lambda value, bound: value >= bound,
    "<=": lambda value, bound: value <= bound,
}
_ASKS_TO_START = re.compile(r"Say 'yes' to start|'응'이라고 하면 시작")
_CANNOT: Final = re.compile(
    r"not understood|no such|there (?:is|are) no|no strategy|can't|not known|no answer|no backtest|no day"
    r"|not supported|I answer from stored|not comparable|say which|which strategy shall|unchanged|nothing"
    r"|started no|must be|없습니다|알 수 없|할 수 없|이해하지 못|저장된 백테스트 결과로 답하고|지원하지 않"
    r"|말해 주세요|이어야 합니다|적어 주세요|바꾸지 않았",
    re.IGNORECASE,
)
_SURE: Final = re.compile(r"p = |p-value|95 %|\bprobability\b|확률|구간|p 값")
_NUMBER: Final = re.compile(r"(?<![\d.,-])\d+(?![\d.,-]*\d| %)")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and what there was and is beside it.

    Attributes:
        question: the message.
        text: of the answer.
        names: of all strategies.
        runs: the latest backtest of each strategy, by name.
        proposed: the configurations that are proposed after the answer, by the strategy's name.
        proposed_before: those before it.
        started: how many backtests the message started.

    """

    question: str
    text: str
    names: Sequence[str]
    runs: Mapping[str, Run]
    proposed: Sequence[Mapping[str, Any]] = ()
    proposed_before: Sequence[Mapping[str, Any]] = ()
    started: int = 0

    def never_traded(self, name: str) -> bool:
        """Whether a strategy has the figures of cash: an answer may leave it out, and say so."""
        return name in self.runs and self.runs[name].metrics["trades"] == 0


def judged(expectation: str, answered: Answered) -> Judgement:
    """Judge an answer; "cannot" is an honest "I can't" where there is an answer."""
    asked = language_of(answered.question, answered.names)
    if asked and language_of(answered.text, answered.names) not in {asked, None}:
        return "wrong"
    if any(
        all(_holds(part.strip(), answered) for part in alternative.split(" ; "))
        for alternative in expectation.split(" | ")
    ):
        return "right"
    return "cannot" if _cannot(answered) else "wrong"


def _holds(expectation: str, answered: Answered) -> bool:
    kind, _, rest = expectation.partition(" ")
    acts = {"proposes": _proposes, "starts": _starts, "drops": _drops}
    if kind in acts:
        return acts[kind](rest, answered)
    still = _starts_nothing if kind in {"cannot", "says"} else _acted_nothing
    return still(answered) and _CHECKS[kind](rest, answered)


def _acted_nothing(answered: Answered) -> bool:
    return not answered.started and list(answered.proposed) == list(answered.proposed_before)


def _starts_nothing(answered: Answered) -> bool:
    """Whether nothing was started, nor is by the next "yes": a refused request may be kept."""
    asks = _ASKS_TO_START.search(answered.text) is not None
    return _acted_nothing(answered) or not (answered.started or asks)


def _cannot(answered: Answered) -> bool:
    figures = FIGURE.search(re.sub(r"'[^']*'", "", answered.text))
    return _starts_nothing(answered) and not figures and bool(_CANNOT.search(answered.text))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an expectation about figures asks for."""

    metric: str
    words: Sequence[str]
    names: Sequence[str]
    days: tuple[str | None, str | None]

    @classmethod
    def of(cls, text: str, answered: Answered) -> "_Wanted":
        text, _, days = text.partition(" in ")
        text, _, names = text.replace(" among ", " of ").partition(" of ")
        metric, *words = text.split()
        first, _, last = days.partition("..")
        listed = [each.strip() for each in names.split(",")] if names else list(answered.runs)
        return cls(metric, words, listed, (first or None, last or None))

    def values(self, answered: Answered) -> dict[str, float]:
        found = {
            name: answered.runs[name].value(self.metric, *self.days)
            for name in self.names
            if name in answered.runs
        }
        return {name: value for name, value in found.items() if value is not None}

    def ranked(self, answered: Answered) -> list[set[str]]:
        """Return the strategies by their figures, those that are written alike as one."""
        values = self.values(answered)
        groups: dict[str, set[str]] = {}
        for name in sorted(values, key=lambda each: values[each], reverse="highest" in self.words):
            groups.setdefault(min(written(self.metric, values[name])), set()).add(name)
        return list(groups.values())

    @property
    def count(self) -> int | None:
        return next((int(word[1:]) for word in self.words if word.startswith("#")), None)

    def claimed(self, answered: Answered) -> list[str] | None:
        """Return the names beside which the metric's figure stands; None if one of these is wrong."""
        values = self.values(answered)
        listed: dict[str, None] = {}
        for claim in claims(answered.text, answered.names):
            if claim.name not in self.names:
                if answered.never_traded(claim.name):
                    continue
                return None
            if claim.metric != self.metric:
                continue
            if claim.name not in values or claim.text not in written(self.metric, values[claim.name]):
                return None
            listed[claim.name] = None
        return list(listed)


def _best(rest: str, answered: Answered) -> bool:
    wanted = _Wanted.of(rest, answered)
    position, names = (wanted.count or 1) - 1, wanted.claimed(answered)
    in_order = [name for group in wanted.ranked(answered) for name in sorted(group)]
    best = next(group for group in wanted.ranked(answered) if in_order[position] in group)
    return (
        names is not None
        and bool(names)
        and names[0] in best
        and named(_first_claim(answered), answered.names)[0] in best
    )


def _first_claim(answered: Answered) -> str:
    """Return the first line that gives a figure: before it, an answer may say how it read the names."""
    lines = answered.text.splitlines()
    return next((line for line in lines if any(claims(line, answered.names))), answered.text)


def _order(rest: str, answered: Answered) -> bool:
    wanted = _Wanted.of(rest, answered)
    names, groups = wanted.claimed(answered), wanted.ranked(answered)
    count = wanted.count or sum(map(len, groups))
    if names is None or len(names) != count:
        return False
    expected = [group for group in groups for _ in group][:count]
    return all(name in group for name, group in zip(names, expected, strict=True))


def _meeting(rest: str, answered: Answered) -> tuple[_Wanted, set[str]]:
    wanted = _Wanted.of(rest, answered)
    relation, bound = _RELATIONS[wanted.words[0]], float(wanted.words[1])
    return wanted, {name for name, value in wanted.values(answered).items() if relation(value, bound)}


def _list(rest: str, answered: Answered) -> bool:
    wanted, meeting = _meeting(rest, answered)
    if not meeting:
        return _count(rest, answered)
    return set(wanted.claimed(answered) or ()) == meeting


def _count(rest: str, answered: Answered) -> bool:
    wanted, meeting = _meeting(rest, answered)
    first = re.sub(r"'[^']*'", "", answered.text.splitlines()[0].split(":")[0])
    numbers = [*map(int, _NUMBER.findall(first))]
    none = not meeting and re.search(r"\bno(?:ne|t)?\b|없", first, re.IGNORECASE)
    traded = [name for name in wanted.names if not answered.never_traded(name)]
    of_all = ([len(meeting), len(all_there)] for all_there in (wanted.names, traded))
    right = sorted(numbers) in ([len(meeting)], *of_all)
    return bool(none) or right


def _figure(rest: str, answered: Answered) -> bool:
    wanted = _Wanted.of(rest, answered)
    return set(wanted.claimed(answered) or ()) == set(wanted.names)


def _config(rest: str, answered: Answered) -> bool:
    field, _, name = rest.partition(" of ")
    if named(answered.text, answered.names) != [name]:
        return False
    config = answered.runs[name].config
    value = config.parameters[field] if field in config.parameters else getattr(config, field)
    after = answered.text.split(f"'{name}'", 1)[1]
    return all(
        re.search(rf"(?<![\w.]){re.escape(text)}(?![\w]|\.\d)", after) for text in _setting(field, value)
    )


def _setting(field: str, value: Any) -> list[str]:
    if field.endswith("_rate"):
        return [f"{100 * value:g} %"]
    if field == "initial_cash":
        return [f"{value:,.0f}"]
    return list(value) if isinstance(value, tuple) else [str(value)]


def _names(rest: str, answered: Answered) -> bool:
    wanted = answered.names if rest == "*" else [each.strip() for each in rest.split(",")]
    return set(named(answered.text, answered.names)) == set(wanted)


def _sure(rest: str, answered: Answered) -> bool:
    wanted = {each.strip() for each in rest.split(",")}
    return wanted <= set(named(answered.text, answered.names)) and bool(_SURE.search(answered.text))


def _says(rest: str, answered: Answered) -> bool:
    return _with(rest, answered) and not any(claims(answered.text, answered.names))


def _with(rest: str, answered: Answered) -> bool:
    words = (re.escape(word.strip()) for word in rest.split(" / "))
    whole = (rf"(?<![\d.,]){word}(?![\d.,]*\d)" for word in words)
    return any(re.search(word, answered.text, re.IGNORECASE) for word in whole)


def _proposes(rest: str, answered: Answered) -> bool:
    count, *fields = rest.split()
    if answered.started or len(answered.proposed) != int(count):
        return False
    last = answered.proposed[-1]
    settings = {**last, **last.get("parameters", {})}
    return all(_same(settings.get(field), value) for field, value in (each.split("=") for each in fields))


def _same(stored: object, written_value: str) -> bool:
    if isinstance(stored, list | tuple):
        return [str(each) for each in stored] == written_value.split(",")
    try:
        return abs(float(str(stored)) - float(written_value)) < 1e-9
    except ValueError:
        return str(stored) == written_value


def _starts(rest: str, answered: Answered) -> bool:
    return answered.started == int(rest) and not answered.proposed


def _drops(_: str, answered: Answered) -> bool:
    return not answered.started and not answered.proposed


_CHECKS: Final[dict[str, Callable[[str, Answered], bool]]] = {
    "best": _best,
    "order": _order,
    "list": _list,
    "count": _count,
    "figure": _figure,
    "config": _config,
    "names": _names,
    "sure": _sure,
    "says": _says,
    "with": _with,
    "cannot": lambda _, answered: _cannot(answered),
}
