"""A strategy of the catalogue: its versions, which of them is current, and the events of each change.

A version is a definition: a type with its parameters. The same definition is the same version, whenever it
comes again. Times are arguments, and nothing is stored here: a change is a new state and its events.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final

from backchat_contracts import BacktestCompleted, StrategyDeleted, StrategySaved, StrategyStandingChanged
from services.backtest.domain.change import Change
from services.backtest.domain.planning import Definition

MOST_VERSIONS: Final = 1_000
"""Of a strategy: they are read and written together."""
MOST_BYTES: Final = 8_000_000
"""Of all its versions' parameters: MongoDB stores documents of 16 MB."""


class TooManyVersions(ValueError):  # noqa: N818 - reads as what it says: raise TooManyVersions
    """The strategy has as many versions as it can have."""

    code: ClassVar = "too-many-versions"

    def __init__(self, strategy: "Strategy") -> None:
        super().__init__(
            f"'{strategy.name}' has {len(strategy.versions):,} versions, the most there may be: "
            "give other parameters another name"
        )


@dataclass(frozen=True, slots=True)
class Version:
    """A definition, and when it became a version."""

    definition: Definition
    created_at: datetime


def _most_bytes(version: Version) -> int:
    """Return how many bytes the objects among a version's parameters have at most; the others are short."""
    return sum(100 * len(each) for each in version.definition.parameters.values() if isinstance(each, dict))


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A strategy of the catalogue, also one that was deleted."""

    id: str
    name: str
    description: str
    symbols: tuple[str, ...]
    created_at: datetime
    versions: tuple[Version, ...]
    """In the order in which they came; their numbers begin with 1."""
    current: int = 1
    """The number of the version that is run where none is named."""
    standing: str | None = None
    """The id of the backtest that was chosen to stand for it; None: the latest completed one does."""
    deleted_at: datetime | None = None

    @property
    def definition(self) -> Definition:
        """Return the definition of the current version."""
        return self.versions[self.current - 1].definition

    def number_of(self, definition: Definition) -> int | None:
        """Return the number of the version that has this definition; None where none has."""
        if definition == self.definition:
            return self.current
        numbers = (n for n, version in enumerate(self.versions, start=1) if version.definition == definition)
        return next(numbers, None)

    def saved(self) -> StrategySaved:
        """Return the event that tells of the strategy as it is now."""
        return StrategySaved(
            strategy_id=self.id,
            name=self.name,
            description=self.description,
            type=self.definition.type,
            parameters=self.definition.parameters,
            symbols=self.symbols,
            version=self.current,
            created_at=self.created_at,
        )

    def create(self) -> "Change[Strategy]":
        """Add it to the catalogue."""
        return Change(self, (self.saved(),))

    def use(self, definition: Definition, now: datetime) -> "Change[Strategy]":
        """Make the version of this definition the current one; it is added if there is none.

        Raises:
            TooManyVersions: it can't be added.

        """
        number, versions = self.number_of(definition), self.versions
        if number is None:
            versions = (*versions, Version(definition, now))
            written = sum(map(_most_bytes, versions))
            if len(versions) > MOST_VERSIONS or written > MOST_BYTES:
                raise TooManyVersions(self)
        state = replace(self, versions=versions, current=number or len(versions))
        return Change(state, (state.saved(),))

    def delete(self, now: datetime) -> "Change[Strategy]":
        """Take it out of the catalogue."""
        event = StrategyDeleted(strategy_id=self.id, deleted_at=now)
        unset = self.choose(None, now) if self.standing else Change(self)
        return Change(replace(unset.state, deleted_at=now), (event, *unset.events))

    def choose(self, standing: BacktestCompleted | None, now: datetime) -> "Change[Strategy]":
        """Let a backtest stand for it; None: the latest completed one."""
        state = replace(self, standing=standing.backtest_id if standing else None)
        return Change(
            state, (StrategyStandingChanged(strategy_id=self.id, standing=standing, changed_at=now),)
        )

    def revive(self, again: "Strategy") -> "Change[Strategy]":
        """Add it to the catalogue again, as `again` says; its versions stay what they were."""
        state = replace(again, versions=self.versions, current=self.current)
        return state.use(again.definition, again.created_at)
