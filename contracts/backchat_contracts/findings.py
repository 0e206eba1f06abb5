"""What a comparison finds: what can be compared, how sure the differences are, and the verdict.

Backtests are named by their ids, as two of one strategy may be compared. All statistics are of the daily
returns on the common window; docs/how-backchat-compares.md has every formula.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from backchat_contracts.base import Contract, Language, is_empty, is_none
from backchat_contracts.timing import Timing

End = Literal["highest", "lowest"]
"""Of the stored value: the largest drawdown is the lowest one, as a drawdown is zero or negative."""

Comparable = Literal["comparable", "common-window", "not-comparable"]
"""`common-window`: on the days that all have, as their windows differ."""

Reason = Literal["universe", "currency", "few-common-bars"]
"""Why two backtests are not comparable: other symbols, another currency, fewer than 60 common days."""

ExclusionCode = Literal[
    "no-data",
    "no-trades",
    "short-window",
    "series-unavailable",
    "universe",
    "currency",
    "few-common-bars",
    "outside-window",
    "not-asked",
    "filter",
]
"""Why one is not compared. `no-data`: it has no figures, its entry of `strategies_data` says why. `no-trades`
and `short-window`: see its warnings. `series-unavailable`: its returns did not come in time, ask again.
`universe`, `currency` and `few-common-bars`: it is not comparable with most of the others. `outside-window`:
it has none of the days asked about, or not all of those that others have. `not-asked`: the
query is not about it, or rules it out; `filter`: its figure is not as the query wants it."""

Outcome = Literal[
    "better",
    "worse",
    "different",
    "no-difference-shown",
    "identical",
    "fact",
    "undefined",
    "not-comparable",
    "nothing-to-compare",
]
"""Of the first one, or the leader. `better`, `worse`: a difference is shown; `different`: the same, of a
metric without a good end. `identical`: the returns are the same. `fact`: the metric does not follow from the
returns, so no test is made: the figures are what they are. `undefined`: there is no figure.
`nothing-to-compare`: there is one backtest, or none."""


Beyond = Literal[
    "when",
    "future",
    "period",
    "why",
    "nearest",
    "aggregate",
    "meaning",
    "metrics",
    "scaled",
    "settings",
    "norm",
    "act",
    "strengths",
    "advice",
    "nested",
    "windows",
    "certainty",
    "catalogue",
    "capital",
    "number",
]
"""What a query asks beyond figures: when, why, what will be, what was in a time that is not known, which is
nearest to a value, what several have together, as an average, what a metric means, how one compares with
another, how a figure compares with a share or multiple of another strategy's, how a backtest was set, which
values are good in general, that something is done, by which metrics a strategy is first, whether to invest,
a choice among those that another choice finds, several windows at once, how sure an answer is, which
strategies there are, how much cash it takes, and what has a number of which it is not clear what it is
of."""


class SettingValue(Contract):
    """A value of a setting, and the backtests that have it."""

    value: str | float | int | None
    backtest_ids: tuple[str, ...]


class SettingDifference(Contract):
    """A setting of which not all backtests have the same value.

    `name`: `universe`, `window`, `currency`, `initial_cash`, `commission_rate`, `slippage_rate`, `benchmark`,
    `fill`, `engine_version` or `data_hash`. Only other universes and currencies, and windows with too few
    common days, keep backtests from being compared.
    """

    name: str
    values: tuple[SettingValue, ...]


class Comparability(Contract):
    """Whether those that are compared have the same days, and what they were set otherwise."""

    comparable: Comparable
    differences: tuple[SettingDifference, ...] = ()


class Figures(Contract):
    """The metrics of a backtest on the common window; null where one is not defined there."""

    backtest_id: str
    values: dict[str, float | None]


class CommonWindow(Contract):
    """The days that all compared backtests have: the first, the last, and how many they are.

    `figures`: all metrics again for these days; empty where all have them and no others, as the figures of
    `strategies_data` are of these days then.
    """

    start: date
    end: date
    bars: int
    figures: tuple[Figures, ...] = ()


class AskedWindow(Contract):
    """The window of time that is asked about: all figures but those of `strategies_data` are of its days.

    `asked_start`, `asked_end`: as asked, both within, null: as far as the data go; `counted_from`: the last
    day of the data, where they are counted back from it, as "the last six months" are. `start`, `end`,
    `bars`: the first and the last trading day that was used, and how many they are; null where there is none.
    `whole`: nothing but holidays is missing. The first day's return is from the close before it. `figures`:
    of those that are not compared, on their own days of the window.
    """

    asked_start: date | None = None
    asked_end: date | None = None
    counted_from: date | None = None
    start: date | None = None
    end: date | None = None
    bars: int = 0
    whole: bool = False
    figures: tuple[Figures, ...] = ()


class Interval(Contract):
    """A confidence interval at 95 %."""

    low: float
    high: float


class Statistics(Contract):
    """What is known of the certainty of a backtest's figures, on the common window.

    `sharpe_ratio`, `cagr` and `max_drawdown`: their intervals. `probabilistic_sharpe_ratio`: the probability
    that the true Sharpe ratio is above 0. `minimum_track_record`: the trading days that are needed to say so
    with 95 % certainty; null where the Sharpe ratio is not above 0. `deflated_sharpe_ratio`: the probability
    that it is above what the best of all trials would have by chance.
    """

    backtest_id: str
    sharpe_ratio: Interval | None = None
    cagr: Interval | None = None
    max_drawdown: Interval | None = None
    probabilistic_sharpe_ratio: float | None = None
    minimum_track_record: int | None = None
    deflated_sharpe_ratio: float | None = None


class Ranked(Contract):
    """A strategy in a ranking, with its figure on the common window; equal figures have the same rank.

    `interval`: of the figure; null where it does not follow from the returns.
    """

    rank: int
    backtest_id: str
    strategy_id: str
    name: str
    value: float
    interval: Interval | None = None


class Ranking(Contract):
    """Those that are compared in the order of a metric, from the end asked for.

    `undefined`: the ids of those without a rank: there is no figure, or the figures have no common scale, as
    amounts of other cash and figures beside other benchmarks have none.
    """

    metric: str
    end: End
    entries: tuple[Ranked, ...]
    undefined: tuple[str, ...] = ()


class PairTest(Contract):
    """The difference of a metric between two backtests, the first one's less the second one's.

    `test`: by what it is decided; docs/how-backchat-compares.md explains each. `interval` and `p_value`: of
    the pair alone; `adjusted_p_value`, which decides: with respect to all pairs that could have been chosen.
    `detectable`: the difference that would have been seen with a probability of 80 %.
    """

    metric: str
    test: str
    difference: float | None
    interval: Interval | None
    p_value: float | None
    adjusted_p_value: float | None
    detectable: float | None
    outcome: Outcome


class Year(Contract):
    """The returns of two backtests in the 252 trading days that end with this one."""

    end: date
    first: float
    second: float


class YearsLed(Contract):
    """In how many rolling years each of two had the higher return: of 252 trading days, one every 63 days.

    `apart`: the years that do not overlap, the last one last.
    """

    first: int
    second: int
    years: int
    apart: tuple[Year, ...] = ()


class Pair(Contract):
    """Two backtests side by side.

    `differences`: the names of the settings that differ. `bars`: the trading days that both have.
    `correlation`: of the daily returns. `drawdown_overlap`: the days on which both were below their peak, of
    those on which either was. `tests`: of each metric asked about, on the common window of all that are
    compared; none where the pair is not comparable or one of them is not compared.
    """

    first: str
    second: str
    comparable: Comparable
    reasons: tuple[Reason, ...] = ()
    differences: tuple[str, ...] = ()
    bars: int
    correlation: float | None = None
    drawdown_overlap: float | None = None
    years: YearsLed | None = None
    tests: tuple[PairTest, ...] = ()


class Verdict(Contract):
    """The answer by a metric, at alpha 0.05.

    `leader`: the one at the end asked for; null where there is none, and where several have the same figure
    there, which are `tied`. `over`: those that it (or they) is shown to differ from, `not_over` those that it
    is not. `next`: the one that comes next, which `outcome` is about; `test`, `p_value` (adjusted),
    `difference` and `interval` are those to it, `detectable` is the difference that would have been seen.
    """

    metric: str
    end: End
    outcome: Outcome
    leader: str | None = None
    tied: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    not_over: tuple[str, ...] = ()
    next: str | None = None
    test: str | None = None
    difference: float | None = None
    interval: Interval | None = None
    p_value: float | None = None
    detectable: float | None = None
    bars: int | None = None


class AgainstBenchmark(Contract):
    """Whether those that are compared beat the benchmark.

    `name`: the symbol, or `buy-and-hold` of the universe. Of one and two the leader is tested by the `metric`
    asked about, if that is one of return. Of more it is the mean of the daily returns less the benchmark's
    (`metric` null): `p_value` is of Hansen's test of superior predictive ability, `better` of Romano and
    Wolf's stepwise one.
    """

    name: str
    metric: str | None
    outcome: Outcome
    p_value: float | None
    better: tuple[str, ...]


class BenchmarkFigures(Contract):
    """The benchmark's own figures on the days of the comparison, of the metrics asked about.

    `name`: the symbol, or `buy-and-hold` of the universe. A value is null where the metric is not of a curve
    alone, such as the number of trades or an amount of cash, or is not defined on these days.
    """

    name: str
    values: dict[str, float | None]


class Trials(Contract):
    """How many definitions (type and parameters) the users of the compared backtests ran on their symbols.

    Where the strategies compared are the first of more than these, it is how many they are the first of.
    `sharpe_deviation`: the standard deviation of their Sharpe ratios. `expected_best`: the Sharpe ratio that
    the best of so many would have by chance.
    """

    count: int
    sharpe_deviation: float | None = None
    expected_best: float | None = None


class Excluded(Contract):
    """One that is not compared; `detail` says why in the language of the query."""

    strategy_id: str
    backtest_id: str | None
    name: str
    code: ExclusionCode
    detail: str


class Method(Contract):
    """By what the statistics were computed: with these, anyone gets the same figures.

    `seed`: of the resampling, a whole number from what is compared, as text: it has 64 bits, more than every
    reader of JSON can hold. `block_length`: the mean length of the blocks, in days; `long_block_length`: that
    for metrics of dispersion and tails; `sharpe_block_length`: of the blocks in the test of Sharpe ratios.
    `benchmark_test`: by what three and more are tested against the benchmark. Ratios are of `days_a_year`
    and of a risk-free rate of `risk_free_rate`.
    """

    alpha: float
    confidence: float
    resampling: str
    resamples: int
    block_length: float
    seed: str
    sharpe_test: str
    adjustment: str
    long_block_length: float | None = None
    sharpe_block_length: int | None = None
    benchmark_test: str | None = None
    days_a_year: int = 252
    risk_free_rate: float = 0.0


class ReadName(Contract):
    """What a text has in place of a strategy's name, as it is written there, and that name."""

    written: str
    name: str


class NearNames(Contract):
    """What a text has in place of a strategy's name, and the names that may be meant; at most five."""

    written: str
    names: tuple[str, ...]


class Understood(Contract):
    """How the query was understood: what was read and is not here was not understood.

    `metrics`: those that it names; the first five are answered. `overall`: it asks which is better as such,
    and the Sharpe ratio decides. `negated`: metrics of which all but the first one are wanted. `quoted`:
    those asked of the one that is found. `filters`: such as "sharpe_ratio above 1"; `either`: one of them is
    enough. `count`: the first so many; `rank`: the one of this rank. `named`, `excluded`, `yardsticks`: the
    ids of the strategies that it is about, that it rules out, and that others are measured against.
    `unknown`: measures that it names and that there are not; `unresolved`: such names of strategies.
    `relation`: it asks how strategies move together, or how they compare with the benchmark. `beyond`: it
    asks what no figure of a backtest tells. `unread`: words of it that mean nothing here. `read_as`: names
    that it has with a letter wrong, shortened or in the other script; `did_you_mean`: for names that are of
    no strategy, those that may be meant.
    """

    metrics: tuple[str, ...] = ()
    overall: bool = False
    negated: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    either: bool = False
    count: int | None = None
    rank: int | None = None
    named: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    yardsticks: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    relation: Literal["correlation", "benchmark"] | None = None
    beyond: Beyond | None = None
    window: str | None = None
    language: Language = "en"
    read_as: tuple[ReadName, ...] = Field(default=(), exclude_if=is_empty)
    did_you_mean: tuple[NearNames, ...] = Field(default=(), exclude_if=is_empty)


class Candidates(Contract):
    """Of which strategies those compared are the first, by their stored figures.

    `strategies`: how many have figures that compare, of those that the query does not rule out; `unranked`:
    how many completed a backtest and have none. `meeting`: how many are within the query's bounds; null where
    it names none.
    """

    strategies: int
    unranked: int
    meeting: int | None = None


class ListedStrategies(Contract):
    """What there is of what a query asks of the catalogue itself; `strategies_data` has the first of them.

    `strategies`: how many there are; `untested`: how many of these have no completed backtest; `matching`:
    how many are as the query asks.
    """

    strategies: int
    untested: int
    matching: int


class Findings(Contract):
    """What a comparison finds.

    `pairs`: all of up to 20 that are compared; of more, the leader with each, and the rest by
    `GET /api/v1/comparisons/{id}/pairs`. `ranking` and `verdict`: one for each metric that the query names,
    else for the Sharpe ratio, or the total return beside the benchmark; none where it asks for nothing that
    can be compared. `benchmark_figures`: where it asks how strategies compare with the benchmark. `window`:
    where it asks about a part of the time. `candidates`: null where all are compared, or where it asks about
    a part of the time. `listed`: where it asks which strategies there are. `timing`: where it asks when,
    or by period of the calendar.
    """

    comparability: Comparability | None = None
    common_window: CommonWindow | None = None
    window: AskedWindow | None = None
    understood: Understood | None = None
    ranking: tuple[Ranking, ...] = ()
    statistics: tuple[Statistics, ...] = ()
    pairs: tuple[Pair, ...] = ()
    verdict: tuple[Verdict, ...] = ()
    benchmark: AgainstBenchmark | None = None
    benchmark_figures: BenchmarkFigures | None = None
    trials: Trials | None = None
    excluded: tuple[Excluded, ...] = ()
    method: Method | None = None
    candidates: Candidates | None = None
    listed: ListedStrategies | None = None
    timing: Timing | None = Field(default=None, exclude_if=is_none)
