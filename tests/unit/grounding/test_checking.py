"""What may not be said, by rule."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grounding.checking import check, checked
from services.grounding.facts import Action, ProblemCode
from services.grounding.mentions import START
from services.grounding.rendering import render
from services.grounding.sentences import sentences_of
from tests.grounding.corpus import Case, cases, facts_of
from tests.unit.grounding.facts import facts, named


@pytest.mark.parametrize(
    ("text", "message", "code", "said"),
    [
        ("Alpha Wave has a Sharpe ratio of [[a.sharp]].", "", "unresolved-reference", "[[a.sharp]]"),
        ("Alpha Wave returned 12 %.", "", "free-numeral", "12 %"),
        ("Alpha Wave가 두 배 벌었습니다.", "", "free-numeral", "두 배"),
        ("Alpha Wave returned [[a.ret]] percent.", "", "sign-or-unit", "+84.23 % percent"),
        ("Alpha Wave lost -[[a.ret]].", "", "sign-or-unit", "-+84.23 %"),
        ("Alpha Wave has a Sharpe ratio of [[b.sharpe]].", "", "wrong-owner", "0.87"),
        (
            "The maximum drawdown of Alpha Wave is [[a.ret]].",
            "",
            "wrong-metric",
            "maximum drawdown of Alpha Wave is +84.23 %",
        ),
        ("SMA 50 ranks first by Sharpe ratio.", "", "wrong-rank", "first"),
        ("Its Sharpe ratio is 2.", "a Sharpe above 2?", "user-number-as-value", "2"),
        ("I have started a backtest.", "", "claimed-action", "I have started"),
        ("백테스트를 시작했습니다.", "", "claimed-action", "백테스트를 시작했습니다"),
    ],
)
def test_each_rule_says_what_breaks_it(text: str, message: str, code: ProblemCode, said: str) -> None:
    found = checked(text, facts(), message).problems
    assert (code, said) in {(each.code, each.text) for each in found}


def test_a_problem_says_where_it_is() -> None:
    rendered = render("All is well. Alpha Wave returned [[a.ret]], or 84 %.", facts())
    (found,) = check(rendered, facts())
    assert rendered.text[found.start :].startswith("84 %")


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("I have started a backtest.", "started"),
        ("Your backtest has been cancelled.", "cancelled"),
        ("비교 결과를 저장했습니다.", "saved"),
        ("전략을 삭제했습니다.", "deleted"),
        ("I updated the parameters of SMA 50.", "changed"),
    ],
)
def test_an_action_is_claimed_only_if_it_was_done(text: str, action: Action) -> None:
    others: set[Action] = {"started", "cancelled", "saved", "deleted", "changed"} - {action}
    assert [each.code for each in checked(text, facts("en", *others)).problems] == ["claimed-action"]
    assert checked(text, facts("en", action)).problems == ()


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("A", "B"), "A and B have Sharpe ratios of [[n0]] and [[n1]]."),
        (("A", "B"), "[[n0]] for A, [[n1]] for B."),
        (("A", "B"), "A beats B with [[n0]] against [[n1]]."),
        (("A", "B"), "A is good. Its Sharpe ratio is [[n0]], that of B [[n1]]."),
        (("A", "B"), "A beats B. Their Sharpe ratios are [[n0]] and [[n1]]."),
        (("추세", "역추세"), "추세의 샤프 비율은 [[n0]], 역추세는 [[n1]]입니다."),
        (("추세", "역추세"), "추세와 역추세의 샤프 비율은 각각 [[n0]]과 [[n1]]입니다."),
        (("추세", "역추세"), "역추세([[n1]])보다 추세([[n0]])가 좋습니다."),
        (("추세", "역추세"), "샤프 비율이 [[n0]]인 추세가 [[n1]]인 역추세보다 좋습니다."),
        (("SMA 50", "SMA 500"), "SMA 500 has [[n1]], SMA 50 has [[n0]]."),
    ],
)
def test_a_figure_stands_beside_its_owner_only(names: tuple[str, str], text: str) -> None:
    swapped = text.replace("[[n0]]", "[[x]]").replace("[[n1]]", "[[n0]]").replace("[[x]]", "[[n1]]")
    assert checked(text, named(*names)).problems == ()
    assert {each.code for each in checked(swapped, named(*names)).problems} == {"wrong-owner"}


@pytest.mark.parametrize(
    "case", [each for each in cases() if each.text.count(". ")], ids=lambda each: each.text[:40]
)
def test_a_stream_of_sentences_is_judged_as_the_whole_text(case: Case) -> None:
    known = facts_of(case.facts, case.language)
    context, found = START, 0
    for sentence in sentences_of(case.text, known.owners):
        part = checked(sentence, known, case.message, context)
        context, found = part.context, found + len(part.problems)
    assert (found > 0) == (case.verdict == "bad")


NUMBERS_ELSEWHERE = st.characters(categories=["Nd", "Nl", "No"])


@given(
    before=st.text(alphabet="abc xyz가나다.,:%-", max_size=20),
    number=NUMBERS_ELSEWHERE,
    after=st.text(alphabet="abc 가나.%", max_size=20),
)
def test_a_number_of_any_script_never_passes_as_a_value(before: str, number: str, after: str) -> None:
    text = f"Alpha Wave has a Sharpe ratio of {before}x {number} y{after}"
    assert checked(text, facts()).problems


@given(
    value=st.floats(0.001, 1e7),
    places=st.integers(0, 4),
    unit=st.sampled_from(["", "%", " percent", "배", "퍼센트", "bp", "만", " times"]),
)
def test_no_value_passes_that_we_did_not_write(value: float, places: int, unit: str) -> None:
    written = f"{value:,.{places}f}{unit}"
    for text in (
        f"Alpha Wave has a Sharpe ratio of {written}.",
        f"Alpha Wave의 샤프 비율은 {written}입니다.",
    ):
        found = checked(text, facts()).problems
        assert found, text
        assert all(re.search(r"\d", each.text) for each in found if each.code == "free-numeral")
