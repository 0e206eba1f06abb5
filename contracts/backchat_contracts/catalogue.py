"""The topics: message class, owner, producers, consumers and retention of each.

A topic is named here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from backchat_contracts import backtests, comparisons, market, replies, series, sessions, strategies
from backchat_contracts.base import Contract, Event

Service = str
"""The name of a service: its folder in `services/`."""

REPLIES_TOPIC = "gateway.replies"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic.

    Attributes:
        name: `noun.past-verb`.
        event: the class of its messages.
        owner: the service that defines the schema: it handles the request, or publishes the fact.
        key: the field whose value is the record's key, so that one aggregate's events stay in order.
        producers: Backchat's services that publish it; other programs may publish requests.
        consumers: Backchat's services that consume it; other programs may consume facts.
        retention: how long the broker keeps a record.
        partitions: how many consumers can share the work; a setting overrides it.

    """

    name: str
    event: type[Event]
    owner: Service
    key: str
    producers: tuple[Service, ...]
    consumers: tuple[Service, ...] = ()
    retention: timedelta = 7 * DAY
    partitions: int = 6

    @property
    def dead_letters(self) -> str:
        """The topic that keeps the records of this one that could not be handled."""
        return f"{self.name}.dlq"


def _request(name: str, event: type[Event], owner: Service, key: str, *producers: Service) -> Topic:
    return Topic(name, event, owner, key, producers=("gateway", *producers), consumers=(owner,))


def _fact(name: str, event: type[Event], owner: Service, key: str, *consumers: Service) -> Topic:
    return Topic(name, event, owner, key, producers=(owner,), consumers=consumers, retention=30 * DAY)


TOPICS: tuple[Topic, ...] = (
    _request("session.requested", sessions.SessionRequested, "session", "session_id"),
    _request("session.end-requested", sessions.SessionEndRequested, "session", "session_id"),
    _request("session.rename-requested", sessions.SessionRenameRequested, "session", "session_id"),
    _request("session.fork-requested", sessions.SessionForkRequested, "session", "session_id"),
    _request("session.queried", sessions.SessionQueried, "session", "session_id"),
    _fact("session.created", sessions.SessionCreated, "session", "session_id"),
    _fact("session.rejected", sessions.SessionRejected, "session", "session_id"),
    _fact("session.renamed", sessions.SessionRenamed, "session", "session_id"),
    _fact("session.ended", sessions.SessionEnded, "session", "session_id"),
    _request("chat.requested", sessions.ChatRequested, "session", "session_id"),
    _request("chat.regenerate-requested", sessions.ChatRegenerateRequested, "session", "session_id"),
    _request("chat.cancel-requested", sessions.ChatCancelRequested, "session", "session_id"),
    _fact("chat.answered", sessions.ChatAnswered, "session", "session_id"),
    _fact("chat.failed", sessions.ChatFailed, "session", "session_id"),
    _request("comparison.requested", comparisons.ComparisonRequested, "compare", "comparison_id", "session"),
    _request(
        "strategy-mention.queried", comparisons.StrategyMentionQueried, "compare", "session_id", "session"
    ),
    _request("comparison.queried", comparisons.ComparisonQueried, "compare", "comparison_id"),
    _fact("comparison.completed", comparisons.ComparisonCompleted, "compare", "comparison_id"),
    _fact("comparison.failed", comparisons.ComparisonFailed, "compare", "comparison_id"),
    _request("strategy.save-requested", strategies.StrategySaveRequested, "backtest", "name"),
    _request("strategy.version-requested", strategies.StrategyVersionRequested, "backtest", "strategy_id"),
    _request("strategy.standing-requested", strategies.StrategyStandingRequested, "backtest", "strategy_id"),
    _request("strategy.delete-requested", strategies.StrategyDeleteRequested, "backtest", "strategy_id"),
    _request("strategy.queried", strategies.StrategyQueried, "backtest", "strategy_id", "session"),
    _fact("strategy.saved", strategies.StrategySaved, "backtest", "strategy_id", "compare"),
    _fact("strategy.rejected", strategies.StrategyRejected, "backtest", "name"),
    _fact(
        "strategy.standing-changed", backtests.StrategyStandingChanged, "backtest", "strategy_id", "compare"
    ),
    _fact("strategy.deleted", strategies.StrategyDeleted, "backtest", "strategy_id", "compare"),
    _request(
        "backtest-estimate.queried", backtests.BacktestEstimateQueried, "backtest", "user_id", "session"
    ),
    _request("backtest.requested", backtests.BacktestRequested, "backtest", "backtest_id", "session"),
    _request(
        "backtest.cancel-requested", backtests.BacktestCancelRequested, "backtest", "backtest_id", "session"
    ),
    _request(
        "backtest.verification-requested",
        backtests.BacktestVerificationRequested,
        "backtest",
        "backtest_id",
    ),
    _request("backtest.queried", backtests.BacktestQueried, "backtest", "backtest_id", "session"),
    _request("instrument.queried", market.InstrumentQueried, "backtest", "search", "session"),
    _fact("backtest.accepted", backtests.BacktestAccepted, "backtest", "backtest_id"),
    _fact("backtest.rejected", backtests.BacktestRejected, "backtest", "backtest_id"),
    _fact("backtest.started", backtests.BacktestStarted, "backtest", "backtest_id"),
    Topic(
        "backtest.progressed",
        backtests.BacktestProgressed,
        "backtest",
        "backtest_id",
        producers=("backtest",),
        retention=DAY,
    ),
    _fact("backtest.completed", backtests.BacktestCompleted, "backtest", "backtest_id", "compare", "session"),
    Topic(
        "backtest.series-requested",
        series.BacktestSeriesRequested,
        "backtest",
        "backtest_id",
        producers=("compare",),
        consumers=("backtest",),
        retention=DAY,
    ),
    Topic(
        "backtest.series-published",
        series.BacktestSeriesPublished,
        "backtest",
        "backtest_id",
        producers=("backtest",),
        consumers=("compare",),
        retention=DAY,
    ),
    _fact("backtest.failed", backtests.BacktestFailed, "backtest", "backtest_id", "session"),
    _fact("backtest.cancelled", backtests.BacktestCancelled, "backtest", "backtest_id", "session"),
)

BY_NAME: Mapping[str, Topic] = MappingProxyType({topic.name: topic for topic in TOPICS})
BY_EVENT: Mapping[type[Contract], Topic] = MappingProxyType({topic.event: topic for topic in TOPICS})

REPLY_RETENTION = timedelta(hours=1)

REPLY_PARTITIONS = 8
"""Partitions of `gateway.replies`. Processes may share one: each skips the replies to the others."""

REPLY_ONLY: Mapping[str, type[Contract]] = MappingProxyType(
    {
        "refused": replies.Refused,
        "chat.streamed": sessions.ChatStreamed,
        "chat.restarted": sessions.ChatRestarted,
        "chat.tool-started": sessions.ChatToolStarted,
        "chat.tool-completed": sessions.ChatToolCompleted,
        "session.viewed": replies.SessionView,
        "turn.viewed": replies.TurnView,
        "session.listed": replies.SessionPage,
        "comparison.viewed": replies.ComparisonView,
        "comparison-pair.listed": replies.PairPage,
        "strategy-mention.listed": replies.StrategyMentions,
        "strategy.viewed": replies.StrategyView,
        "strategy.listed": replies.StrategyPage,
        "strategy-version.listed": replies.StrategyVersionPage,
        "strategy-type.listed": replies.StrategyTypes,
        "instrument.listed": replies.InstrumentPage,
        "market-report.viewed": market.MarketReport,
        "backtest-estimate.viewed": replies.BacktestEstimate,
        "backtest.viewed": replies.BacktestView,
        "backtest.listed": replies.BacktestPage,
        "backtest.result-viewed": replies.BacktestResultView,
        "backtest-verification.viewed": replies.BacktestVerification,
    }
)
"""Message types that are sent on `gateway.replies` only; events that reply to a request go there too."""

_ANSWERING = (
    sessions.ChatStreamed,
    sessions.ChatRestarted,
    sessions.ChatToolStarted,
    sessions.ChatToolCompleted,
    sessions.ChatAnswered,
    sessions.ChatFailed,
)

REPLIES: Mapping[type[Event], tuple[type[Contract], ...]] = MappingProxyType(
    {
        sessions.SessionRequested: (sessions.SessionCreated,),
        sessions.SessionEndRequested: (sessions.SessionEnded,),
        sessions.SessionRenameRequested: (sessions.SessionRenamed,),
        sessions.SessionForkRequested: (sessions.SessionCreated,),
        sessions.SessionQueried: (replies.SessionView, replies.SessionPage),
        sessions.ChatRequested: _ANSWERING,
        sessions.ChatRegenerateRequested: _ANSWERING,
        sessions.ChatCancelRequested: (replies.TurnView,),
        comparisons.ComparisonRequested: (replies.ComparisonView, comparisons.ComparisonFailed),
        comparisons.StrategyMentionQueried: (replies.StrategyMentions,),
        comparisons.ComparisonQueried: (replies.ComparisonView, replies.PairPage),
        strategies.StrategySaveRequested: (replies.StrategyView,),
        strategies.StrategyVersionRequested: (replies.StrategyView,),
        strategies.StrategyStandingRequested: (replies.StrategyView,),
        strategies.StrategyDeleteRequested: (strategies.StrategyDeleted,),
        strategies.StrategyQueried: (
            replies.StrategyView,
            replies.StrategyPage,
            replies.StrategyVersionPage,
            replies.StrategyTypes,
        ),
        backtests.BacktestEstimateQueried: (replies.BacktestEstimate,),
        backtests.BacktestRequested: (backtests.BacktestAccepted, backtests.BacktestRejected),
        backtests.BacktestCancelRequested: (replies.BacktestView,),
        backtests.BacktestVerificationRequested: (replies.BacktestVerification,),
        series.BacktestSeriesRequested: (series.BacktestSeriesPublished,),
        market.InstrumentQueried: (replies.InstrumentPage, market.MarketReport),
        backtests.BacktestQueried: (replies.BacktestView, replies.BacktestPage, replies.BacktestResultView),
    }
)
"""The possible replies to each request that has a reply address; `Refused` is always one more."""

REJECTIONS: Mapping[type[Event], type[Event]] = MappingProxyType(
    {
        sessions.SessionRequested: sessions.SessionRejected,
        sessions.ChatRequested: sessions.ChatFailed,
        sessions.ChatRegenerateRequested: sessions.ChatFailed,
        comparisons.ComparisonRequested: comparisons.ComparisonFailed,
        strategies.StrategySaveRequested: strategies.StrategyRejected,
        backtests.BacktestRequested: backtests.BacktestRejected,
    }
)
"""The fact that says that a command was refused: with a `code`, a `detail` and the command's ids."""

TYPE_OF: Mapping[type[Contract], str] = MappingProxyType(
    {topic.event: topic.name for topic in TOPICS} | {cls: name for name, cls in REPLY_ONLY.items()}
)
"""The CloudEvents type of each message class."""
