"""Backtests that a conversation proposes to run, and those that it has started."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from backchat_contracts import BacktestConfig, BacktestEstimate, Language, StrategyTypeView, Texts
from services.grounding.writing import rate_text
from services.session.domain.wording import RATES

MOST_PROPOSED: Final = 5
"""Of backtests that one message asks for."""
MOST_REMEMBERED: Final = 20
"""Of the backtests that a conversation has started, the last ones."""
_LONGEST_NAME: Final = 100
_NAMED_SYMBOLS: Final = 3
"""How many symbols the name of a new strategy has."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A backtest that will run if the user agrees.

    Attributes:
        config: of a `StrategyConfig`, as JSON values, as far as it is known.
        base_id: the id of the backtest that is run again, with other settings.
        is_new: the strategy has no name of its own yet: it gets one from what it runs.
        months: the length of its period, which ends with the prices of its symbols.
        guessed: a number without a unit was taken for a percentage.
        question: what the user was asked of it, by language; None: nothing.
        asked: the settings, parameters or "symbols" that answer the question.
        shown: the configuration that the user was shown, with all defaults; None: it was not shown as it
            is now.

    """

    config: Mapping[str, Any]
    base_id: str | None = None
    is_new: bool = False
    months: int | None = None
    guessed: bool = False
    question: Mapping[str, str] | None = None
    asked: tuple[str, ...] = ()
    shown: Mapping[str, Any] | None = field(default=None, compare=False)

    @property
    def lacks(self) -> Literal["strategy", "symbols", "answer"] | None:
        """What is still to be said."""
        if "type" not in self.config and "name" not in self.config:
            return "strategy"
        if self.question:
            return "answer"
        return None if self.config.get("symbols") else "symbols"

    def changed(self, **given: Any) -> "Proposal":  # noqa: ANN401 - JSON values
        """Return the proposal with other values; None leaves a value as it is."""
        changes = {name: value for name, value in given.items() if value is not None}
        return replace(self, config={**self.config, **changes}, shown=None)

    def asking(self, question: Texts, asked: tuple[str, ...]) -> "Proposal":
        """Return the proposal with a question that must be answered before it can run."""
        return replace(self, question=question.model_dump(), asked=asked, shown=None)

    def answered(self, given: Collection[str]) -> "Proposal":
        """Return the proposal after these of its settings, parameters or "symbols" were given."""
        return self if set(self.asked).isdisjoint(given) else replace(self, question=None, asked=())

    def as_shown(self, estimate: BacktestEstimate) -> "Proposal":
        """Return the proposal after its estimate was shown: that is what starts."""
        fields = estimate.config.model_dump(mode="json", exclude={"tags"}, exclude_none=True)
        return replace(self, shown={"name": estimate.strategy_name, **fields})


@dataclass(frozen=True, slots=True)
class Started:
    """A backtest that the conversation has started.

    `base_id`: the one before it, with other settings. `ended`: its end was told.
    """

    backtest_id: str
    strategy_name: str
    language: Language
    base_id: str | None = None
    ended: bool = False


def proposal_of(name: str, config: BacktestConfig, backtest_id: str) -> Proposal:
    """Return the proposal to run a backtest again as it was."""
    fields = config.model_dump(mode="json", exclude={"tags"}, exclude_none=True)
    return Proposal({"name": name, **fields}, backtest_id)


def new_name(kind: StrategyTypeView, symbols: tuple[str, ...], language: Language) -> str:
    """Return the name of a strategy that is new: its type and symbols."""
    shown = list(symbols[:_NAMED_SYMBOLS])
    more = len(symbols) - len(shown)
    return " ".join([kind.title.of(language), *shown, *([f"+{more}"] if more else [])])[:_LONGEST_NAME]


def started_after(
    before: Sequence[Started], begun: Sequence[Started], ended: Sequence[str]
) -> tuple[Started, ...]:
    """Return the backtests that a conversation has started, the last ones, after an answer."""
    known = (replace(each, ended=each.ended or each.backtest_id in ended) for each in (*before, *begun))
    return tuple(known)[-MOST_REMEMBERED:]


def set_as(proposal: Proposal, other: Proposal) -> Proposal:
    """Return a proposal with the symbols, period and costs of another one."""
    own = {key: proposal.config[key] for key in ("name", "type", "parameters") if key in proposal.config}
    return replace(proposal, config={**other.config, **own})


def told_apart(proposals: Sequence[Proposal], language: Language) -> tuple[Proposal, ...]:
    """Return proposals without those that are there twice, and with what differs in names that are equal."""
    different = [each for n, each in enumerate(proposals) if each not in proposals[:n]]
    times = Counter(each.config.get("name") for each in different)
    alike = {name for name, count in times.items() if name and count > 1}
    groups = {name: [each for each in different if each.config.get("name") == name] for name in alike}
    return tuple(
        each.changed(name=_called(each, groups[name], language))
        if (name := each.config.get("name")) in alike
        else each
        for each in different
    )


def _called(proposal: Proposal, alike: Sequence[Proposal], language: Language) -> str:
    """Return the name of one of several proposals with the same name."""
    labels = dict(_labels(proposal, language))
    others = [dict(_labels(each, language)) for each in alike]
    told = [label for key, label in labels.items() if any(each.get(key) != label for each in others)]
    return " ".join([proposal.config["name"], *told])[:_LONGEST_NAME]


def _labels(proposal: Proposal, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what a proposal is set to, by the name of the setting."""
    for name, value in proposal.config.get("parameters", {}).items():
        yield name, f"{name} {value:g}" if isinstance(value, int | float) else f"{name} {value}"
    yield "symbols", "+".join(proposal.config.get("symbols", ()))
    for name, (label, default) in RATES.items():
        yield name, f"{label.of(language)} {rate_text(proposal.config.get(name, default))}"
    for name in ("start_date", "end_date", "benchmark"):
        yield name, str(proposal.config.get(name) or "")
    if cash := proposal.config.get("initial_cash"):
        yield "initial_cash", f"{cash:,.0f}"
