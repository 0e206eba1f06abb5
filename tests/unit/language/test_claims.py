"""What messages say of strategies, in the wording of people: figures, and who is at an end."""

import pytest

from services.language.parsing import parse
from tests.unit.language.corpus import NAMES


@pytest.mark.parametrize(
    ("message", "metric", "value"),
    [
        ("RSI made 2000 percent, didn't it?", "total_return", 20.0),
        ("RSI returned 2000 %, right?", "total_return", 20.0),
        ("Didn't RSI lose 54%?", "total_return", -0.54),
        ("RSI lost 20 percent in 2008, right?", "total_return", -0.2),
        ("RSI's drawdown was only 10 %, right?", "max_drawdown", -0.1),
        ("Isn't RSI's Sharpe 1.5?", "sharpe_ratio", 1.5),
        ("its Sharpe is 1.5, no?", "sharpe_ratio", 1.5),
        ("I heard RSI has a Sharpe of 1.5", "sharpe_ratio", 1.5),
        ("Sharpe ratio is 1.5 for RSI, correct?", "sharpe_ratio", 1.5),
        ("is RSI's win rate 60%?", "win_rate", 0.6),
        ("RSI's volatility is around 30 %, right?", "volatility", 0.3),
        ("RSI의 최대 낙폭이 35%지?", "max_drawdown", -0.35),
        ("RSI 샤프가 1.5야?", "sharpe_ratio", 1.5),
        ("RSI가 2000% 벌었지?", "total_return", 20.0),
        ("RSI 2배 벌었다며", "total_return", 1.0),
        ("RSI 승률 70%라며?", "win_rate", 0.7),
        ("샤프가 1.5라던데 맞아?", "sharpe_ratio", 1.5),
    ],
)
def test_a_number_beside_a_metric_is_what_is_said_of_it(message: str, metric: str, value: float) -> None:
    question = parse(message, NAMES)
    (claim,) = question.claims
    assert (claim.metric, claim.value) == (metric, pytest.approx(value))
    assert [each.metric for each in question.criteria] == [metric]
    assert (question.unread, question.unresolved, question.thresholds) == ((), (), ())


@pytest.mark.parametrize(
    "message",
    [
        "Which has a Sharpe above 1.5?",
        "Is RSI's Sharpe above 1.5?",
        "RSI 샤프가 1 넘지?",
        "Is a Sharpe of 1.5 good?",
        "which made 20 percent?",
        "RSI의 95 % VaR는?",
        "top 5 by Sharpe",
        "샤프 2등은?",
        "RSI's Sharpe in 2012?",
        "RSI 14 sharpe",
        "RSI made 20 % and SMA 30 %, right?",
    ],
)
def test_bounds_places_days_and_names_are_no_claims(message: str) -> None:
    assert parse(message, NAMES).claims == ()


@pytest.mark.parametrize(
    ("written", "holds", "fails"),
    [("820 %", 8.2098, 8.4), ("35 %", 0.3521, 0.37), ("1.1", 1.08, 1.2), ("2", 2.03, 1.6)],
)
def test_a_figure_is_as_near_as_its_number_says(written: str, holds: float, fails: float) -> None:
    metric = "return" if "%" in written else "Sharpe"
    (claim,) = parse(f"RSI's {metric} is {written}, right?", NAMES).claims
    assert abs(holds - claim.value) <= claim.within < abs(fails - claim.value)


@pytest.mark.parametrize(
    ("message", "strategy_id"),
    [
        ("Is RSI better than SMA?", "rsi"),
        ("RSI beats SMA, right?", "rsi"),
        ("RSI is riskier than SMA, isn't it?", "rsi"),
        ("RSI has a higher Sharpe than SMA, right?", "rsi"),
        ("Is RSI the best?", "rsi"),
        ("Is it true that RSI has the deepest drawdown?", "rsi"),
        ("RSI가 SMA보다 낫지?", "rsi"),
        ("SMA보다 RSI가 낫지?", "rsi"),
        ("RSI가 SMA 이겼지?", "rsi"),
        ("RSI가 SMA 이겼다며?", "rsi"),
        ("RSI가 SMA보다 덜 위험하죠?", "rsi"),
        ("RSI 수익률이 SMA보다 높지?", "rsi"),
        ("RSI가 제일 안전하지?", "rsi"),
        ("RSI 낙폭이 제일 크지 않아?", "rsi"),
        ("RSI가 최고지?", "rsi"),
        ("RSI랑 SMA 중에 뭐가 나아?", None),
        ("Which is better, RSI or SMA?", None),
        ("anything better than RSI?", None),
        ("Is RSI good?", None),
        ("how is RSI?", None),
        ("RSI가 SMA보다 안전하지 않지?", None),
    ],
)
def test_one_may_be_said_to_be_at_an_end(message: str, strategy_id: str | None) -> None:
    assert parse(message, NAMES).claimed == strategy_id
