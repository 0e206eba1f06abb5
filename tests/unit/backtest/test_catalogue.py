"""A strategy's versions: the same definition is the same version, and one of them is current."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.backtest.domain.catalogue import MOST_VERSIONS, TooManyVersions, Version
from services.backtest.domain.planning import Definition
from tests.builders import NOW, strategy

FIRST = Definition("sma_crossover", {"fast": 20, "slow": 50})
SECOND = Definition("sma_crossover", {"fast": 10, "slow": 50})
LATER = NOW + timedelta(days=1)


def test_another_definition_is_a_new_version_and_current() -> None:
    change = strategy("SMA").use(SECOND, LATER)

    assert change.state.versions == (Version(FIRST, NOW), Version(SECOND, LATER))
    assert (change.state.current, change.state.definition) == (2, SECOND)
    (event,) = change.events
    assert event == change.state.saved()
    assert (event.version, event.parameters) == (2, SECOND.parameters)


def test_a_definition_that_comes_again_is_the_version_that_it_was() -> None:
    changed = strategy("SMA").use(SECOND, LATER).state
    assert changed.number_of(FIRST) == 1
    assert changed.number_of(Definition("rsi", {})) is None

    back = changed.use(FIRST, LATER).state
    assert back.versions == changed.versions
    assert (back.current, back.definition) == (1, FIRST)


def test_a_strategy_that_is_saved_again_keeps_its_versions() -> None:
    gone = strategy("SMA").use(SECOND, LATER).state.delete(LATER).state
    new = strategy("SMA", description="again", versions=(Version(Definition("rsi", {}), LATER),))

    revived = gone.revive(new).state

    assert revived.deleted_at is None
    assert revived.description == "again"
    assert [version.definition for version in revived.versions] == [FIRST, SECOND, Definition("rsi", {})]
    assert revived.current == 3


def test_there_is_a_bound_that_names_what_to_do() -> None:
    versions = tuple(Version(Definition("rsi", {"window": n}), NOW) for n in range(MOST_VERSIONS))
    full = replace(strategy("Sweep"), versions=versions)

    with pytest.raises(TooManyVersions, match="another name"):
        full.use(Definition("rsi", {"window": MOST_VERSIONS}), NOW)
    assert full.use(Definition("rsi", {"window": 7}), NOW).state.current == 8


def test_versions_fit_a_document() -> None:
    weights = {f"S{n}": 0.002 for n in range(500)}
    versions = tuple(
        Version(Definition("fixed_weights", {"weights": weights | {"S0": n / 1e6}}), NOW) for n in range(160)
    )
    full = replace(strategy("Sweep"), versions=versions)

    with pytest.raises(TooManyVersions, match="'Sweep' has 160 versions, the most"):
        full.use(Definition("fixed_weights", {"weights": weights}), NOW)
