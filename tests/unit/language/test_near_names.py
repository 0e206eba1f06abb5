"""Names that are shortened, in the other script or with a letter wrong; ordinary words that are none."""

from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.language.name_index import Names
from services.language.names import mentions
from services.language.parsing import parse
from tests.unit.language.corpus import cases

NAMES = {
    "s1": "모멘텀",
    "s2": "6개월 모멘텀 전략 v2",
    "s3": "Dual Momentum",
    "s4": "추세추종",
    "s5": "RSI 2",
    "s6": "RSI 역추세",
    "s7": "SMA 20/50",
    "s8": "Buy and Hold",
    "s9": "변동성 돌파 전략",
    "s10": "Golden Cross SPY",
}
BEGINNINGS = ["Global", "Sector", "듀얼", "삼성", "Crypto", "Fast", "저변동", "단기", "Emerging", "Iron"]
MIDDLES = [
    "Momentum",
    "모멘텀",
    "Breakout",
    "추세추종",
    "Reversal",
    "볼린저",
    "Rotation",
    "Turtle",
    "Carry",
    "역추세",
]
ENDINGS = ["", "AAPL", "전략", "v1", "v2", "Monthly", "ETF 30", "Plus", "최종", "실험 7"]
RUNS = ["", *(f"No {number}" for number in range(1, 10))]


def catalogue(size: int) -> Names:
    """Return names such as people give, of so many strategies."""
    parts = product(RUNS, ENDINGS, MIDDLES, BEGINNINGS)
    names = (" ".join(filter(None, reversed(each))) for each in islice(parts, size))
    return Names({f"strategy-{number}": name for number, name in enumerate(names)})


CATALOGUES = {size: catalogue(size) for size in (10, 1_000, 10_000)}


def read(question: str, names: dict[str, str] | Names = NAMES) -> dict[str, str]:
    """Return what a question was read with: by what is written, the name."""
    return {each.written: each.name for each in parse(question, names).read_as}


def near(question: str, names: dict[str, str] = NAMES) -> dict[str, tuple[str, ...]]:
    """Return the names that may be meant, by what is written."""
    return {each.written: each.names for each in parse(question, names).near}


@pytest.mark.parametrize(
    ("question", "written", "name"),
    [
        ("모맨텀 전략 수익률은?", "모맨텀", "모멘텀"),
        ("모멘덤의 샤프는?", "모멘덤", "모멘텀"),
        ("보멘텀 낙폭", "보멘텀", "모멘텀"),
        ("모메텀은 어때?", "모메텀", "모멘텀"),
        ("모맨텀수익률은?", "모맨텀", "모멘텀"),
        ("모맨텀이랑 RSI 2 비교해줘", "모맨텀", "모멘텀"),
        ("momentum return?", "momentum", "모멘텀"),
        ("how is momentm doing?", "momentm", "모멘텀"),
        ("What is the Sharpe of Dual Momentm?", "Dual Momentm", "Dual Momentum"),
        ("Daul Momentum return", "Daul Momentum", "Dual Momentum"),
        ("dual  mometnum's drawdown", "dual  mometnum", "Dual Momentum"),
        ("dual-vomentum vs RSI 2", "dual-vomentum", "Dual Momentum"),
        ("dualmomentun?", "dualmomentun", "Dual Momentum"),
        ("Is dual momentumm profitable?", "dual momentumm", "Dual Momentum"),
        ("듀얼모멘텀 샤프는?", "듀얼모멘텀", "Dual Momentum"),
        ("듀얼 모멘텀의 샤프는?", "듀얼 모멘텀", "Dual Momentum"),
        ("듀얼모맨텀은 얼마나 벌었어?", "듀얼모맨텀", "Dual Momentum"),
        ("trend following return?", "trend following", "추세추종"),
        ("추세추중 수익률은?", "추세추중", "추세추종"),
        ("6개월모멘텀 수익률은?", "6개월모멘텀", "6개월 모멘텀 전략 v2"),
        ("6개월모멘텀의 샤프는?", "6개월모멘텀", "6개월 모멘텀 전략 v2"),
        ("6개월 모맨텀 샤프", "6개월 모맨텀", "6개월 모멘텀 전략 v2"),
        ("RSI 역추새의 수익률", "RSI 역추새", "RSI 역추세"),
        ("SMA 20-50 return?", "SMA 20-50", "SMA 20/50"),
        ("buy and hodl return", "buy and hodl", "Buy and Hold"),
        ("변동성 돌파의 수익률은?", "변동성 돌파", "변동성 돌파 전략"),
        ("golden cross drawdown?", "golden cross", "Golden Cross SPY"),
        ("Golden Crsos SPY?", "Golden Crsos SPY", "Golden Cross SPY"),
        ("Golden Cros SPY return", "Golden Cros SPY", "Golden Cross SPY"),
        ("'momentm' 수익률은?", "momentm", "모멘텀"),
        ("momentm/RSI 2 수익률 비교", "momentm", "모멘텀"),
        ("RSI 2와 모맨텀을 비교해줘", "모맨텀", "모멘텀"),
    ],
)
def test_a_name_is_read_that_is_nearly_written(question: str, written: str, name: str) -> None:
    assert read(question) == {written: name}
    assert next(key for key, each in NAMES.items() if each == name) in parse(question, NAMES).named
    assert not parse(question, NAMES).unread


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("RSI", "RIS return?"),
        ("A", "B return?"),
        ("SMA", "EMA return?"),
        ("SMA 20", "SMA 200 return?"),
        ("SMA 200", "SMA 20 return?"),
        ("SMA 20", "EMA 20 return?"),
        ("Momentum v1", "Momentum v2 return?"),
        ("Model A", "Model B return?"),
        ("RSI 2", "RSI 14 return?"),
        ("RSI", "RSI 14 Breakot return?"),
        ("추세", "역추세 수익률은?"),
        ("추세", "추새 수익률은?"),
        ("역추세", "추세 수익률은?"),
        ("모멘텀", "6개월모멘텀 수익률은?"),
        ("6개월모멘텀", "모멘텀 수익률은?"),
        ("6개월 모멘텀", "12개월 모멘텀 수익률은?"),
        ("월간 모멘텀", "일간 모멘텀 수익률은?"),
        ("월간모멘텀", "일간모멘텀 수익률은?"),
        ("TWAP", "VWAP return?"),
        ("Dual Momentum", "momentum return?"),
        ("Momentum", "momentums return?"),
        ("RSI 역추세", "RSI Breakout return?"),
        ("US Large Cap Low Turnover Rotation", "US return?"),
        ("Light", "might return?"),
        ("Trend", "trends return?"),
        ("Golden Cross", "gross return?"),
        ("Momentum", "Momentum5 return?"),
        ("SMA 5", "SMA 5.5 return?"),
        ("SMA 20/50", "SMA 20/60 return?"),
        ("SMA 20/50", "SMA 50/20 return?"),
        ("AAPL Momentum", "Which is the best one on AAPL?"),
        ("AAPL 모멘텀", "AAPL에서 제일 좋은 전략은?"),
        ("Macro Cross", "Macro Carry return?"),
        ("Macro Cross", "Macro strategy Frobnicate return?"),
    ],
)
def test_another_name_is_not_read_as_one_that_is_near(name: str, question: str) -> None:
    assert read(question, {"it": name}) == {}
    assert parse(question, {"it": name}).named in {(), ("it",) if mentions(question, {"it": name}) else ()}


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("SMA 20 or SMA 200?", ("SMA 20", "SMA 200")),
        ("추세와 역추세 비교", ("추세", "역추세")),
        ("모멘텀 v1과 모멘텀 v2 비교", ("모멘텀 v1", "모멘텀 v2")),
        ("Momentum and Momentun", ("Momentum", "Momentun")),
        ("모멘텀과 6개월모멘텀", ("모멘텀", "6개월모멘텀")),
        ("Is A better than RSI?", ("A", "RSI")),
    ],
)
def test_names_that_are_written_in_full_are_read_as_they_are(question: str, names: tuple[str, ...]) -> None:
    asked = parse(question, {name: name for name in names})
    assert (asked.named, asked.read_as, asked.near) == (names, (), ())


@pytest.mark.parametrize(
    ("question", "written", "names"),
    [
        ("RSI 수익률은?", "RSI", {"RSI 2", "RSI 역추세"}),
        ("RSI?", "RSI", {"RSI 2", "RSI 역추세"}),
        ("Is RSI better than Dual Momentum?", "RSI", {"RSI 2", "RSI 역추세"}),
        ("추셰추송의 수익률은?", "추셰추송", {"추세추종"}),
        ("Is Dul Momentum better than Buy and Hold?", "dul momentum", {"Dual Momentum"}),
    ],
)
def test_where_no_single_name_fits_those_that_may_be_meant_are_named(
    question: str, written: str, names: set[str]
) -> None:
    asked = parse(question, NAMES)
    assert asked.read_as == ()
    assert written.lower() in asked.unresolved
    assert {*near(question)[written]} >= names if len(names) == 1 else {*near(question)[written]} == names
    assert not asked.unread


def test_of_many_names_that_may_be_meant_five_are_named() -> None:
    names = {str(number): f"Momentum {number}" for number in range(2_000, 2_050)}
    assert len(near("momentum return?", names)["momentum"]) == 5


def test_a_name_that_nothing_is_near_to_has_none_named() -> None:
    asked = parse("Is Xyzzy better than Buy and Hold?", NAMES)
    assert (asked.unresolved, asked.near) == (("xyzzy",), ())


def test_a_longer_name_with_a_letter_wrong_is_preferred_to_a_shorter_one_in_it() -> None:
    names = {"short": "Momentum", "long": "Dual Momentum"}
    assert parse("Daul Momentum return?", names).named == ("long",)
    assert parse("Momentum return?", names).named == ("short",)


def test_the_name_has_to_be_the_only_one_in_the_catalogue() -> None:
    everything = {**NAMES, "s11": "Dual Momentam"}
    assert parse("Dual Momentm return?", NAMES).named == ("s3",)
    assert parse("Dual Momentm return?", NAMES, everything).named == ()
    assert parse("Dual Momentm return?", {"s8": "Buy and Hold"}, NAMES).named == ()


def ordinary() -> list[str]:
    lines = (Path(__file__).parent / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("size", CATALOGUES)
def test_ordinary_words_are_no_names(size: int) -> None:
    assert len(ordinary()) >= 150
    for sentence in ordinary():
        assert parse(sentence, CATALOGUES[size]) == parse(sentence, {}), sentence


def test_questions_are_read_as_they_are_beside_many_names() -> None:
    questions = [question for question, _ in islice(cases(), 0, None, 3)]
    asked = {question: parse(question, CATALOGUES[10_000]) for question in questions}
    alone = [question for question, each in asked.items() if not (each.named or each.near)]
    assert len(alone) > 0.9 * len(questions)
    for question in alone:
        assert asked[question] == parse(question, {}), question


@pytest.mark.parametrize("size", CATALOGUES)
def test_one_of_many_names_is_found_with_a_letter_wrong(size: int) -> None:
    names = CATALOGUES[size]
    for name in list(names.values())[:: max(1, size // 10)]:
        if name.count("Momentum"):
            misspelt = parse(f"How is {name.replace('Momentum', 'Momentm')} doing?", names)
            near_ones = {each.name for each in misspelt.read_as}
            assert name in near_ones.union(*(each.names for each in misspelt.near))
            assert parse(f"How is {name} doing?", names).read_as == ()


WORDS = st.sampled_from(
    ["Momentum", "모멘텀", "추세", "SMA", "20", "200", "v2", "전략", "Dual", "듀얼", "RSI", "A"]
)
CATALOGUE = st.dictionaries(st.sampled_from("abcdef"), st.lists(WORDS, max_size=4).map(" ".join), max_size=6)


@given(CATALOGUE, CATALOGUE, st.lists(WORDS, max_size=5).map(" ".join))
def test_names_that_change_are_found_as_if_they_had_always_been_so(
    before: dict[str, str], after: dict[str, str], question: str
) -> None:
    changed = Names(before)
    parse(f"{question} momentm?", changed)  # indexes what is near
    changed.become(after)
    assert changed == after
    assert sorted(parse(question, changed).named) == sorted(parse(question, after).named)
    assert parse(f"{question} momentm?", changed).unread == parse(f"{question} momentm?", after).unread
    assert sorted(changed.near.nearest("momentum")) == sorted(Names(after).near.nearest("momentum"))


@given(st.text(max_size=60), CATALOGUE)
def test_no_text_is_an_error(text: str, names: dict[str, str]) -> None:
    assert {each.name for each in parse(text, names).read_as} <= set(names.values())
    Names(names).near.nearest(text)
