"""Events of comparisons fit a record; what is left out is named."""

from backchat_contracts import ComparisonCompleted
from services.compare.domain.fitting import CUTS, fit
from tests.builders import NOW
from tests.unit.compare.runs import answered, returns_of, strategy


def event(count: int) -> ComparisonCompleted:
    runs = [strategy(f"S{number}", returns_of(str(number), 0.0, 0.01, 100)) for number in range(count)]
    answer = answered("Which is better?", *runs)
    return ComparisonCompleted(
        **dict(answer.findings),
        comparison_id="c",
        query="Which is better?",
        strategies_data=(),
        total_strategies=count,
        completed_at=NOW,
    )


def test_what_fits_is_left_as_it_is() -> None:
    whole = event(3)

    assert fit(whole, len(whole.model_dump_json().encode())) is whole
    assert "left_out" not in whole.model_dump()


def test_the_longest_parts_go_first_until_the_rest_fits() -> None:
    whole = event(30)
    size = len(whole.model_dump_json().encode())
    cut = fit(whole, size - 1)

    assert (cut.left_out, cut.pairs, cut.ranking) == (("pairs",), (), whole.ranking)
    assert cut.verdict == whole.verdict
    least = fit(whole, 1_000)
    assert least.left_out == tuple(name for name, _ in CUTS)
    assert len(least.ranking[0].entries) == 20
    assert least.verdict == whole.verdict
