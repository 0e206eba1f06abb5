"""Answers where several strategies have the same figure: none of them is called the first."""

import pytest

from services.compare.answers import Answer
from tests.unit.compare.runs import BAD, GOOD, answered, returns_of, strategy

FEW, SOME, MANY = (
    strategy(name, returns_of(name, 0.0005, 0.01), figures={"trades": trades})
    for name, trades in (("Few", 5), ("Some", 5), ("Many", 9))
)
TWIN = strategy("Twin", returns_of("good", 0.0015, 0.008))


def ask(query: str) -> Answer:
    return answered(query, FEW, SOME, MANY)


@pytest.mark.parametrize(
    "query", ["Which has the fewest trades?", "거래가 가장 적은 전략은?", "Top 1 by fewest trades"]
)
def test_all_at_the_end_are_named(query: str) -> None:
    answer = ask(query)
    (verdict,) = answer.findings.verdict

    assert answer.summary.text.startswith("2 are tied as the strategy with the fewest trades: 'Few'")
    assert answer.summary.best_strategy_id is None
    assert (verdict.leader, set(verdict.tied)) == (None, {FEW.id, SOME.id})


def test_one_alone_at_the_other_end_is_named() -> None:
    answer = ask("Which has the most trades?")

    assert answer.summary.best_strategy_id == "many"
    assert (answer.findings.verdict[0].leader, answer.findings.verdict[0].tied) == (MANY.id, ())


def test_a_place_further_down_may_be_shared() -> None:
    answer = ask("Which has the second most trades?")

    assert "is a tie of 2: 'Few'" in answer.summary.text
    assert answer.summary.best_strategy_id is None


def test_all_that_share_the_end_are_ruled_out_with_it() -> None:
    text = ask("Which does not have the fewest trades?").summary.text

    assert text.startswith("All but 'Few', 'Some'")
    assert "'Many' number of trades 9" in text


def test_where_all_are_equal_nothing_is_said_of_chance() -> None:
    answer = answered("Which has the fewest trades?", FEW, SOME)

    assert answer.summary.text.startswith("2 are tied")
    assert "chance" not in answer.summary.text


def test_copies_beat_the_benchmark_together() -> None:
    findings = answered("Which is better?", GOOD, TWIN).findings

    assert findings.benchmark is not None
    assert set(findings.benchmark.better) == {GOOD.id, TWIN.id}


def test_two_of_one_name_are_told_apart_by_their_ids() -> None:
    two = [
        strategy("Same", returns_of(key, mean, 0.01), backtest_id=key)
        for key, mean in (("nightly-2026-11-01", 0.001), ("nightly-2026-11-02", -0.001))
    ]
    text = answered("Which is better?", *two).summary.text

    assert "'Same #nightly-2026-11-01'" in text
    assert "'Same #nightly-2026-11-02'" in text


def test_copies_are_told_from_the_next_one_together() -> None:
    answer = answered("Which is steadiest?", GOOD, TWIN, BAD)
    (verdict,) = answer.findings.verdict

    assert answer.summary.text.startswith("2 are tied as the steadiest strategy")
    assert "between 'Good', 'Twin' and 'Bad' is shown" in answer.summary.text
    assert (verdict.outcome, verdict.over, verdict.next) == ("better", (BAD.id,), BAD.id)
