"""How backtests were set, in words: each setting that is asked for, and whether it is the same for all."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from math import isclose
from typing import Final

from backchat_contracts import StrategyFigures, Texts
from services.compare.domain.wording import MOST_LISTED, NOTHING, Context, rates
from services.language.asked_settings import AskedSettings, Said, Setting

Value = Callable[[StrategyFigures, Context], str]
ALIKE: Final = Texts(
    ko="{yes}{all} 모두 같습니다 — {label} {value}.", en="{yes}the same for {all}: {label} {value}."
)
APART: Final = Texts(
    ko="{yes}서로 다릅니다 — {label}: {values}.", en="{yes}they are not the same — {label}: {values}."
)
OF_ALL: Final = Texts(ko="{label}: {values}.", en="{label}: {values}.")
ITS_BENCHMARK: Final = Texts(
    ko="한 전략에 대한 답입니다. 벤치마크는 {benchmark}입니다.",
    en="This is about one strategy. Its benchmark is {benchmark}.",
)
NET: Final = Texts(
    ko="수익률 등 모든 수치는 이 비용을 뺀 값입니다.",
    en="Returns and all other figures are after these costs.",
)
LABELS: Final[Mapping[Setting, Texts]] = {
    "symbols": Texts(ko="종목", en="symbols"),
    "commission": Texts(ko="수수료율", en="commission"),
    "slippage": Texts(ko="슬리피지", en="slippage"),
    "period": Texts(ko="기간", en="period"),
    "capital": Texts(ko="초기 자금", en="initial cash"),
    "parameters": Texts(ko="파라미터", en="parameters"),
    "benchmark": Texts(ko="벤치마크", en="benchmark"),
    "type": Texts(ko="유형", en="type"),
    "engine": Texts(ko="엔진 버전", en="engine version"),
}


def said_of_settings(asked: AskedSettings | None, context: Context) -> Iterator[str]:
    """Say how the backtests were set; of none that is asked for in particular, of the first few."""
    if not context.figures:
        yield NOTHING.of(context.language)
    elif asked is None:
        yield from _every(context)
    else:
        yield from _asked(asked, context)
        if asked.net:
            yield NET.of(context.language)


def count_of(context: Context) -> int:
    """Return how many completed a backtest, also where only some are compared."""
    of = context.findings.candidates
    return of.strategies + of.unranked if of else len(context.figures)


def _every(context: Context) -> Iterator[str]:
    if more := context.more(count_of(context)):
        yield f"{MOST_LISTED}{more}:"
    for key, entry in islice(context.figures.items(), MOST_LISTED):
        shown: Sequence[Setting] = ("type", "parameters", "symbols", "period", "capital")
        said = ", ".join(
            f"{LABELS[each].of(context.language)} {_VALUES[each](entry, context)}" for each in shown
        )
        yield f"'{context.name(key)}': {said}, {rates(entry, context.language)}."


def _asked(asked: AskedSettings, context: Context) -> Iterator[str]:
    entries = context.figures
    if len(entries) == 1:
        (key,) = entries
        said = ", ".join(
            f"{LABELS[each].of(context.language)} {_VALUES[each](entries[key], context)}"
            for each in asked.settings
        )
        yield f"{_confirmed(asked, context)}'{context.name(key)}': {said}."
        if asked.alike is not None and "benchmark" not in asked.settings:
            benchmark = _VALUES["benchmark"](entries[key], context)
            yield ITS_BENCHMARK.of(context.language).format(benchmark=benchmark)
        return
    for each in asked.settings:
        yield _of_each(each, asked, context)


def _of_each(setting: Setting, asked: AskedSettings, context: Context) -> str:
    """Say the values that a setting has, and which have them."""
    groups: dict[str, list[str]] = {}
    for key, entry in context.figures.items():
        groups.setdefault(_VALUES[setting](entry, context), []).append(key)
    label, language = LABELS[setting].of(context.language), context.language
    same = len(groups) == 1
    if same and asked.said is None:
        yes = "" if asked.alike is None else _yes(context, yes=asked.alike)
        whole, value = _whole(context), next(iter(groups))
        return _capital(ALIKE.of(language).format(yes=yes, all=whole, label=label, value=value))
    listed = (f"{value} ({context.named(keys)})" for value, keys in islice(groups.items(), MOST_LISTED))
    values = f"{'; '.join(listed)}{context.more(len(groups))}"
    if asked.alike is None:
        told = OF_ALL.of(language).format(label=label, values=values)
        return f"{_confirmed(asked, context)}{told}"
    return _capital(
        APART.of(language).format(yes=_yes(context, yes=not asked.alike), label=label, values=values)
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _yes(context: Context, *, yes: bool) -> str:
    if context.korean:
        return "네, " if yes else "아니요, "
    return "Yes, " if yes else "No, "


def _whole(context: Context) -> str:
    count = len(context.figures)
    if count == 2:  # noqa: PLR2004 - they are called so
        return "두 전략" if context.korean else "both"
    return f"{count:,}개" if context.korean else f"all {count:,}"


def _confirmed(asked: AskedSettings, context: Context) -> str:
    """Say whether all, or some, have the value that the question says, if it says one."""
    said = asked.said
    if said is None:
        return ""
    known = [
        [value for setting in asked.settings for value in _numbers(setting, entry, said)]
        for entry in context.figures.values()
    ]
    found = [any(_is(said, value) for value in values) for values in known if values]
    some = any(found) and not all(found)
    yes = {"ko": "일부만 그렇습니다", "en": "Only of some"}[context.language] if some else ""
    yes = yes or _yes(context, yes=bool(found) and all(found)).rstrip(", ")
    if said.unit == "days" and not _DAYS.search(said.written):
        written = "({}: {:g} 거래일)" if context.korean else "({} are {:g} trading days)"
        yes += f" {written.format(said.written, said.value)}"
    return f"{yes} — "


def _numbers(setting: Setting, entry: StrategyFigures, said: Said) -> Sequence[float]:
    """Return the numbers that a setting is, or has."""
    match setting:
        case "commission":
            return [entry.commission_rate]
        case "slippage":
            return [entry.slippage_rate]
        case "capital":
            return [entry.initial_cash]
        case "parameters":
            of = entry.parameters.items()
            wanted = [value for name, value in of if said.parameter in {None, name}]
            return [each for each in wanted if isinstance(each, int | float)]
        case "symbols":
            return [len(entry.symbols) + entry.symbols_left_out]
    return []


def _is(said: Said, value: float) -> bool:
    """Tell whether a value is what is said, as near as it is written: "6 months" of 126 trading days."""
    return isclose(said.value, value, rel_tol=0.03 if said.unit == "days" else 1e-9)


def _parameters(entry: StrategyFigures, _context: Context) -> str:
    return ", ".join(f"{name} {value}" for name, value in entry.parameters.items()) or "-"


def _symbols(entry: StrategyFigures, context: Context) -> str:
    rest = context.more(len(entry.symbols) + entry.symbols_left_out)
    return f"{', '.join(entry.symbols[:MOST_LISTED])}{rest}"


def _benchmark(entry: StrategyFigures, context: Context) -> str:
    if entry.benchmark:
        return entry.benchmark
    held = _symbols(entry, context)
    if len(entry.symbols) == 1:
        return f"{held} 매수 후 보유" if context.korean else f"buying and holding {held}"
    return (
        f"{held}의 동일 비중 매수 후 보유"
        if context.korean
        else f"buying and holding {held} at equal weights"
    )


def _engine(entry: StrategyFigures, context: Context) -> str:
    unknown = "알 수 없음" if context.korean else "not known"
    return str(entry.provenance.engine_version) if entry.provenance else unknown


_DAYS: Final = re.compile(r"(?:days?|일)$")
_VALUES: Final[Mapping[Setting, Value]] = {
    "symbols": _symbols,
    "commission": lambda entry, _: f"{100 * entry.commission_rate:g} %",
    "slippage": lambda entry, _: f"{100 * entry.slippage_rate:g} %",
    "period": lambda entry, _: f"{entry.backtest_period.start}~{entry.backtest_period.end}",
    "capital": lambda entry, _: f"{entry.initial_cash:,.0f}",
    "parameters": _parameters,
    "benchmark": _benchmark,
    "type": lambda entry, _: entry.type or "-",
    "engine": _engine,
}
