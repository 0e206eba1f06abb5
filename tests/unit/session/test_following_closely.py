"""Follow-ups that keep the window, the two strategies and the metric of the answer before."""

import pytest

from tests.unit.session.conversation import with_three

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("2013년에 수익률이 가장 높은 전략은?", "그해 꼴찌는?"),
        ("2013년에 수익률이 가장 높은 전략은?", "그때 걔 낙폭은?"),
        ("2013년에 수익률 플러스인 전략은 몇 개야?", "그 해에 5% 넘게 번 전략은 몇 개?"),
        ("2013년에 수익률이 가장 높은 전략은?", "제일 적게 번 건"),
        ("2013년에 수익률이 가장 높은 전략은?", "같은 기간 변동성이 제일 낮은 전략은?"),
        ("Which made the most in 2013?", "how many lost more than 30% that year"),
        ("Which made the most in 2013?", "what's its vol over that period"),
        ("Which made the most in 2013?", "which had the lowest vol that year"),
        ("Which made the most in 2013?", "who lost least"),
        ("best in '13?", "which strategy was the best of all over that window"),
        ("best in 13?", "the worst back then"),
    ],
)
async def test_the_window_of_the_answer_before_is_kept(first: str, then: str) -> None:
    conversation = await with_three()
    text = await conversation.say(first, then)
    assert "2013-01-01" in text
    assert "2012-" not in text.replace("2012-06-01", "2012-")[:60]


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (
            "2013년에 수익률이 가장 높은 전략은?",
            "샤프 비율이 가장 높은 전략은 어떤 전략이야?",
            "전체 기간으로 답",
        ),
        (
            "Which made the most in 2013?",
            "Which strategy has the highest Sharpe ratio?",
            "this one is of all days",
        ),
    ],
)
async def test_a_window_is_not_left_without_a_word(first: str, then: str, said: str) -> None:
    conversation = await with_three()
    assert said in await conversation.say(first, then)
    assert said not in await conversation.say(then)


@pytest.mark.parametrize("then", ["그해 꼴찌는?", "the worst that year?", "그때 변동성이 제일 낮은 건?"])
async def test_it_is_said_that_there_was_no_window(then: str) -> None:
    conversation = await with_three()
    text = await conversation.say("수익률이 가장 높은 전략은?", then)
    assert "From which day to which day" in text or "어느 날부터 어느 날까지" in text


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Calm vs Wild", "which cost more to run"),
        ("Calm vs Wild", "which lost more in 2013"),
        ("Calm vs Wild", "who had the deeper drawdown"),
        ("Calm vs Wild", "is the difference real or just noise?"),
        ("Calm과 Wild 중 뭐가 나아?", "변동성은 어느쪽이 더 큰데"),
        ("Calm과 Wild 중 뭐가 나아?", "두개 샤프 mdd 둘다 보여줘"),
        ("Calm과 Wild 중 뭐가 나아?", "낙폭만 보면?"),
        ("Calm이 좋아 Wild가 좋아", "낙폭만 보면?"),
        ("Calm과 Wild 중 뭐가 나아?", "그 차이 믿을만해?"),
        ("Calm과 Wild 중 뭐가 나아?", "차이가 의미있는거야 아님 우연이야"),
    ],
)
async def test_the_two_compared_are_meant(first: str, then: str) -> None:
    conversation = await with_three()
    text = await conversation.say(first, then)
    assert "'Calm'" in text
    assert "'Wild'" in text
    assert "'Mild'" not in text


async def test_a_difference_of_two_that_were_asked_about_one_by_one() -> None:
    conversation = await with_three()
    text = await conversation.say("Calm sharpe?", "and Wild?", "diff significant?")
    assert "'Calm'" in text
    assert "'Wild'" in text
    assert "'Mild'" not in text


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (("rank em by sortino pls", "bottom two?"), "by sortino ratio"),
        (("수익률 높은 순으로 상위 2개만", "하위 2개는"), "총수익률이 가장 낮은 순서로"),
        (("which is the worst?", "on dd I mean"), "the strategy with the largest maximum drawdown"),
        (("제일 좋은 전략은?", "낙폭 말이야"), "최대 낙폭이 가장 작은 전략"),
        (("which one bled the least", "and the most?"), "the strategy with the largest maximum drawdown"),
        (
            ("얘네 중에 제일 덜 까먹은 애가 누구임?", "그럼 젤 많이 까먹은 놈은?"),
            "최대 낙폭이 가장 큰 전략",
        ),
        (("who lost the least?", "and the most?"), "the strategy with the lowest total return"),
    ],
)
async def test_the_metric_is_kept_or_corrected(messages: tuple[str, ...], said: str) -> None:
    conversation = await with_three()
    assert said in (await conversation.say(*messages)).lower()


async def test_it_is_the_one_that_was_asked_about() -> None:
    conversation = await with_three()
    text = await conversation.say("2013년에 제일 많이 잃은건", "2012년엔 어땠는데 걔")
    assert sum(f"'{name}'" in text for name in ("Calm", "Wild", "Mild")) == 1


async def test_what_was_not_understood_is_not_said_again() -> None:
    conversation = await with_three()
    await conversation.say("Calm 블라블라 샤프가 제일 좋은 전략은?")
    assert "블라블라" not in await conversation.say("그럼 하위 2개는?")


@pytest.mark.parametrize(
    ("messages", "both"),
    [
        (("Calm이랑 Wild 둘다 MDD랑 샤프 알려줘", "변동성도"), ("'Calm'", "'Wild'")),
        (("gimme vol, sharpe and maxdd for Calm and Wild", "now just sharpe"), ("'Calm'", "'Wild'")),
        (("Calm vs Wild which is steadier", "so the first one is better right?"), ("'Calm'", "'Wild'")),
        (("Calm이랑 Wild 중에 뭐가 더 안정적이야", "두 번째게 더 많이 벌었지?"), ("'Calm'", "'Wild'")),
        (("Calm vs Wild which is steadier", "best year for each?"), ("'Calm'", "'Wild'")),
    ],
)
async def test_what_was_asked_of_two_goes_on_with_both(
    messages: tuple[str, ...], both: tuple[str, ...]
) -> None:
    conversation = await with_three()
    text = await conversation.say(*messages)
    assert all(name in text for name in both)
    assert "'Mild'" not in text


async def test_after_years_in_which_one_beat_another_it_is_the_one_asked_about() -> None:
    conversation = await with_three()
    text = await conversation.say("Calm sharpe?", "which years did it beat Wild", "how many losing years?")
    assert text.startswith("'Calm'")
