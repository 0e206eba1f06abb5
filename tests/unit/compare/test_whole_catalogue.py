"""Questions about all strategies, of which there are more than are compared."""

import pytest

from backchat_contracts import ComparisonView, ResultWarning, StrategyDeleted, StrategyStandingChanged, Texts
from services.compare.domain.survey import MOST_COMPARED
from tests.builders import (
    NOW,
    backtest_completed,
    config,
    curve,
    delivery,
    performance,
    series_published,
    strategy_saved,
)
from tests.unit.compare.catalogues import with_many
from tests.unit.compare.service import Service

pytestmark = pytest.mark.anyio

OTHER = config(symbols=("MSFT",))
RISING = curve("rising", drift=0.01, swing=0.001)


def summary_of(view: ComparisonView) -> str:
    assert view.summary is not None
    return view.summary


def ids_of(view: ComparisonView) -> list[str]:
    return [entry.strategy_id for entry in view.strategies_data]


async def test_nothing_is_found_among_none() -> None:
    view = await (await with_many(0)).compare("Which has the highest Sharpe ratio?")

    assert (ids_of(view), view.candidates) == ([], None)
    assert summary_of(view) == "There are no backtest results to compare."


@pytest.mark.parametrize("count", [1, 2, MOST_COMPARED])
async def test_as_many_as_are_compared_at_once_are_all_compared(count: int) -> None:
    view = await (await with_many(count)).compare("Which has the highest Sharpe ratio?")

    assert len(view.strategies_data) == count
    assert (view.best_strategy_id, view.candidates) == ("s-0", None)
    assert "Compared are" not in summary_of(view)


@pytest.mark.parametrize("count", [MOST_COMPARED + 1, 60, 1_000, 10_000])
async def test_the_best_of_all_is_found_though_it_ran_first(count: int) -> None:
    view = await (await with_many(count)).compare("Which has the highest Sharpe ratio?")

    assert ids_of(view) == [f"s-{number}" for number in range(MOST_COMPARED)]
    assert view.best_strategy_id == "s-0"
    assert view.candidates
    assert (view.candidates.strategies, view.candidates.meeting) == (count, None)
    text = summary_of(view)
    assert f"Compared are 50 of {count:,} strategies" in text
    assert f"chosen from {count:,} by their figures" in text
    assert f"do not allow for the other {count - MOST_COMPARED:,}" in text


async def test_in_korean_too() -> None:
    view = await (await with_many(1_000)).compare("샤프가 가장 낮은 전략은?")

    assert view.best_strategy_id == "s-999"
    assert "1,000개 전략 중 50개를 비교했습니다" in summary_of(view)
    assert "나머지 950개" in summary_of(view)


async def test_both_ends_share_the_room() -> None:
    view = await (await with_many(1_000)).compare("Which have the best and the worst Sharpe ratio?")

    assert set(ids_of(view)) == {f"s-{n}" for n in (*range(25), *range(975, 1_000))}
    assert "return is 'S 0'" in summary_of(view)
    assert "return is 'S 999'" in summary_of(view)


@pytest.mark.parametrize(
    ("query", "said", "first"),
    [
        ("Which have a Sharpe ratio above 2.9?", "100 of 1,000 strategies meet", "s-0"),
        ("샤프가 2.9 넘는 전략은 몇 개야?", "1,000개 중 100개입니다", "s-0"),
        ("거래가 900번 넘는 전략은?", "1,000개 중 99개입니다", "s-901"),
        ("drawdown within 10 %", "100 of 1,000 strategies meet", "s-0"),
        ("How many have a Sharpe ratio above 2.999?", "1 of 1,000 strategies meets", "s-0"),
        ("Sharpe above 2.95 or trades below 60", "By their stored figures, 60 of 1,000", "s-0"),
        (
            "Sharpe above 2.95 and trades below 20",
            "By their stored figures, 20 of 1,000",
            "s-0",
        ),
    ],
)
async def test_bounds_are_counted_over_all(query: str, said: str, first: str) -> None:
    view = await (await with_many(1_000)).compare(query)

    assert said in summary_of(view)
    assert ids_of(view)[0] == first


async def test_how_many_more_meet_a_bound_is_said() -> None:
    view = await (await with_many(1_000)).compare("Which have a Sharpe ratio above 2.9?")

    assert "'S 9' Sharpe ratio 2.99 and 90 more" in summary_of(view)
    assert "Compared are 50 of 100 strategies" in summary_of(view)
    assert view.candidates
    assert view.candidates.meeting == 100


async def test_none_that_meets_a_bound_is_said() -> None:
    view = await (await with_many(60)).compare("샤프가 5 넘는 전략은?")

    assert summary_of(view) == "저장된 수치로 조건에 맞는 전략은 60개 중 0개입니다."
    assert ids_of(view) == []


@pytest.mark.parametrize(
    ("query", "said", "best"),
    [
        ("Where does S 345 rank by Sharpe?", "'S 345' is number 346 of 1,000", "s-0"),
        ("S 345는 샤프로 몇 위야?", "'S 345': 1,000개 중 346위", "s-0"),
        ("the third best Sharpe", "number 3 of 1,000, counted from", "s-2"),
        ("the 70th best Sharpe", "'S 69' Sharpe ratio 2.93", "s-69"),
        ("샤프 하위 5개", "5개 (샤프 비율): 1. 'S 999' 2.00; 2. 'S 998' 2.00; 3. 'S 997' 2.00", "s-999"),
        ("The drawdown of the third best Sharpe", "'S 2' Sharpe ratio 3.00, maximum drawdown -0.30 %", "s-2"),
        ("Is S 700 the best?", "'S 700' is number 701 of 1,000", "s-0"),
        ("worst skewness", "This is about the 50 of 1,000 strategies", None),
        ("top 60 by Sharpe", "50. 'S 49' 2.95. No more than 50 are listed.", "s-0"),
        ("the 2000th best Sharpe", "There is no number 2000: 1,000 strategies have a Sharpe ratio", None),
        ("Which is not the riskiest?", "All but 'S 999'", None),
        ("Which is not the riskiest?", "are 999 strategies: 'S 998'", None),
        ("What has a better Sharpe than S 30?", "30 of 1,000 strategies have a higher Sharpe ratio", None),
        ("What has a better Sharpe than S 800?", "800 of 1,000 strategies have a higher Sharpe", None),
        ("Which is the best except S 0?", "Compared are 50 of 999 strategies", "s-1"),
        ("Which is best, and which have correlated returns?", "two questions in one", None),
        ("Which are correlated?", "This is about the 50 of 1,000 strategies", None),
        ("What are the settings?", "10 and 990 more:", None),
    ],
)
async def test_places_are_those_among_all(query: str, said: str, best: str | None) -> None:
    view = await (await with_many(1_000)).compare(query)

    assert said in summary_of(view)
    assert view.best_strategy_id == best


async def test_those_named_are_compared_in_any_case() -> None:
    service = await with_many(1_000)

    assert ids_of(await service.compare("What has a better Sharpe than S 800?"))[0] == "s-800"
    assert ids_of(await service.compare("Is S 5 better than S 800?")) == ["s-5", "s-800"]


async def test_what_was_tried_is_at_the_least_what_was_chosen_from() -> None:
    view = await (await with_many(1_000)).compare("Which has the highest Sharpe ratio?")

    assert view.trials
    assert view.trials.count == 1_000
    assert view.trials.sharpe_deviation == pytest.approx(0.2888, abs=1e-3)  # of 1,000 evenly from 2 to 3
    assert "It was chosen from 1,000 strategies" in summary_of(view)


async def test_the_first_of_all_is_named_though_others_are_compared() -> None:
    """Of the best 50 all but one ran on the same symbols."""
    service = await with_many(60)
    other = await service.know("Elsewhere", performance=performance(sharpe_ratio=9.0), config=OTHER)
    view = await service.compare("Which has the highest Sharpe ratio?")

    assert "of 61 is 'Elsewhere': Sharpe ratio 9.00" in summary_of(view)
    assert view.best_strategy_id == "s-0"
    excluded = {each.backtest_id: each.code for each in view.excluded}
    assert excluded == {other.backtest_id: "universe"}


async def test_those_without_figures_are_counted_apart() -> None:
    service = await with_many(60)
    await service.know("Empty", performance=None)
    await service.projection.strategy_saved(strategy_saved("New"), delivery(sequence=1))
    view = await service.compare("Which has the highest Sharpe ratio?")

    assert view.candidates
    assert (view.candidates.strategies, view.candidates.unranked) == (60, 1)
    assert "1 more has no figures" in summary_of(view)


async def with_ties(count: int) -> Service:
    """Know strategies of which all but the last have the same Sharpe ratio."""
    service = Service()
    for number in range(count):
        figures = performance(sharpe_ratio=1.0 if number == count - 1 else 2.0)
        completed = backtest_completed(f"T {number:02}", performance=figures)
        await service.model.saved(strategy_saved(f"T {number:02}"), 1)
        await service.model.completed(completed)
        service.owned[completed.backtest_id] = series_published(completed)
    return service


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("Which has the highest Sharpe ratio?", "59 of 60 share the first place: Sharpe ratio 2.00"),
        ("샤프가 가장 높은 전략은?", "60개 중 59개가 공동 1위입니다"),
        ("the second best Sharpe", "'T 09' Sharpe ratio 2.00 and 49 more"),
        ("top 3 by Sharpe", "No more than 11 are listed"),
        (
            "not the best Sharpe",
            "'T 09' +49, the strategy with the best risk-adjusted return, are 1 strategies",
        ),
        ("Where does T 59 rank?", "'T 59' is number 60 of 60"),
        ("Where does T 07 rank?", "'T 07' is number 1 of 60"),
    ],
)
async def test_all_that_share_a_place_are_counted(query: str, said: str) -> None:
    assert said in summary_of(await (await with_ties(60)).compare(query))


async def test_what_never_traded_is_counted_where_trades_are_asked_about() -> None:
    service = await with_many(60)
    detail = Texts(ko="거래가 없었습니다.", en="It did not trade.")
    idle = (ResultWarning(code="no-trades", detail=detail),)
    for name in ("Idle", "Asleep"):
        await service.know(name, performance=performance(trades=0, max_drawdown=0.0), warnings=idle)

    never = summary_of(await service.compare("Which never traded?"))
    assert "3 of 62 strategies meet the condition: 'Asleep' number of trades 0" in never
    mildest = await service.compare("Which have a drawdown within 1 %?")
    assert "0 of 60 strategies meet" in summary_of(mildest)


async def test_a_deletion_a_choice_and_a_new_backtest_count_at_once() -> None:
    service = await with_many(60)

    async def best() -> str | None:
        return (await service.compare("Which has the highest Sharpe ratio?")).best_strategy_id

    assert await best() == "s-0"
    await service.model.deleted(StrategyDeleted(strategy_id="s-0", deleted_at=NOW), 2)
    assert await best() == "s-1"
    worse = backtest_completed("S 1", performance=performance(sharpe_ratio=0.1), completed_at=NOW)
    service.owned.completed[worse.backtest_id] = worse  # type: ignore[attr-defined]
    await service.model.chosen(StrategyStandingChanged(strategy_id="s-1", standing=worse, changed_at=NOW), 1)
    assert await best() == "s-2"
    service.clock.advance(days=1)
    await service.know("S 50", performance=performance(sharpe_ratio=8.0), curves={"equity": RISING})
    assert await best() == "s-50"


async def beaten(service: Service) -> str:
    return summary_of(await service.compare("Which beat the benchmark?"))


async def test_it_is_counted_how_many_beat_their_benchmark() -> None:
    service = await with_many(60)
    for number in range(3):
        figures = performance(total_return=0.1 * number, benchmark_return=0.15)
        await service.know(f"Beside {number}", performance=figures)

    assert "1 of 3 strategies have a higher total return than their benchmark" in await beaten(service)


async def test_in_a_part_of_the_time_only_those_compared_are_told_of() -> None:
    view = await (await with_many(60)).compare("Which had the highest Sharpe ratio in 2010?")

    assert "of the 50 strategies, of 60, that come first by their stored figures" in summary_of(view)
    assert (ids_of(view), view.candidates) == ([f"s-{number}" for number in range(50)], None)


async def test_bounds_on_a_part_of_the_time_choose_by_no_figures_of_all_days() -> None:
    """Over all days none has a Sharpe ratio above 3.2, in 2010 some have."""
    view = await (await with_many(60)).compare("Which had a Sharpe ratio above 3.2 in 2010?")

    assert ids_of(view) == [f"s-{number}" for number in range(50)]  # the first at the end that it lets in
    assert " of 50 meet the condition: '" in summary_of(view)
