"""Backtests that a conversation proposes to run, and those that it has started."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from backchat_contracts import BacktestConfig, BacktestEstimate, Language, StrategyTypeView

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
        shown: the configuration that the user was shown, with all defaults; None: it was not shown as it
            is now.

    """

    config: Mapping[str, Any]
    base_id: str | None = None
    is_new: bool = False
    months: int | None = None
    guessed: bool = False
    shown: Mapping[str, Any] | None = field(default=None, compare=False)

    @property
    def lacks(self) -> Literal["strategy", "symbols"] | None:
        """What is still to be said."""
        if "type" not in self.config and "name" not in self.config:
            return "strategy"
        return None if self.config.get("symbols") else "symbols"

    def changed(self, **given: Any) -> "Proposal":  # noqa: ANN401 - JSON values
        """Return the proposal with other values; None leaves a value as it is."""
        changes = {name: value for name, value in given.items() if value is not None}
        return replace(self, config={**self.config, **changes}, shown=None)

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
