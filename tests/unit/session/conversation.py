"""A conversation whose tools call the other services' use cases, on fakes: without Kafka and MongoDB."""

from typing import Any, Self

from pydantic import ValidationError

from backchat_contracts import (
    BY_NAME,
    BacktestCancelled,
    BacktestCancelRequested,
    BacktestCompleted,
    BacktestConfig,
    BacktestEstimateQueried,
    BacktestFailed,
    BacktestQueried,
    BacktestRequested,
    BacktestSeriesPublished,
    ComparisonRequested,
    Contract,
    InstrumentQueried,
    Refused,
    StrategyMentionQueried,
    StrategyQueried,
    StrategySaved,
)
from services.chassis.errors import RefusalError
from services.chassis.messaging.envelope import Delivery, Origin
from services.session.domain.session import Session
from services.session.domain.tools import TOOLS, Caller
from services.session.domain.turn import Outcome, ToolCall
from services.session.handlers import BacktestEnded
from services.session.ports import Writer
from tests.builders import delivery, series_published, session_requested
from tests.unit.backtest_service.service import Service as BacktestService
from tests.unit.compare.service import Service as CompareService
from tests.unit.session.service import Service


class OtherServices:
    """Carries out the calls of tools, as the services do that own the data."""

    def __init__(self) -> None:
        self.backtest = BacktestService()
        self.compare = CompareService()
        self.asked: list[Contract] = []
        self._told: set[str] = set()

    async def call(self, call: ToolCall, caller: Caller, origin: Origin) -> Outcome:
        del origin
        came = delivery()
        try:
            request = TOOLS[call.tool].request(call, caller)
            self.asked.append(request)
            answer = await self._handle(request, came)
        except ValidationError as error:
            return Outcome(0.01, code="invalid-request", detail=str(error))
        except RefusalError as error:
            return Outcome(0.01, code=error.code, detail=str(error), extra=error.extra)
        if isinstance(answer, TOOLS[call.tool].reply):
            return Outcome(0.01, answer)
        said = answer.model_dump(mode="json")
        refused = Refused.model_validate({"extra": {"coverage": said.get("coverage", {})}, **said})
        return Outcome(0.01, code=refused.code, detail=refused.detail, extra=refused.extra)

    async def _handle(self, request: Contract, came: Delivery) -> Contract:
        backtest, compare = self.backtest, self.compare
        match request:
            case ComparisonRequested():
                return await compare.compare(**request.model_dump())
            case StrategyMentionQueried():
                await compare.comparisons.find_mentioned(request, came)
                return compare.answers_to(came)[-1]
            case StrategyQueried():
                await backtest.catalogue.query(request, came)
            case InstrumentQueried():
                await backtest.market.query(request, came)
            case BacktestEstimateQueried():
                await backtest.requests.estimate(request, came)
            case BacktestRequested():
                await backtest.requests.take(request, came)
            case BacktestQueried():
                await backtest.backtests.query(request, came)
            case BacktestCancelRequested():
                await backtest.backtests.cancel(request, came)
        await self.tell()
        return backtest.answers_to(came)[-1]

    async def tell(self) -> list[Contract]:
        """Let the compare service hear what happened since the last time, and return the events."""
        memories = (self.backtest.strategies.memory, self.backtest.store.memory)
        records = [record for memory in memories for record in memory.sent if record.id not in self._told]
        self._told |= {record.id for record in records}
        new = [BY_NAME[record.topic].event.model_validate_json(record.value) for record in records]
        for number, event in enumerate(new, 1):
            if isinstance(event, StrategySaved):
                await self.compare.projection.strategy_saved(event, delivery(sequence=number))
            if isinstance(event, BacktestCompleted):
                await self.compare.projection.backtest_completed(event, delivery())
                self.compare.owned[event.backtest_id] = await self.curves_of(event)
        return list(new)

    async def curves_of(self, completed: BacktestCompleted) -> BacktestSeriesPublished:
        """Return the curves that belong to a result; the engine's fake has none of that length."""
        return series_published(completed)


class Conversation:
    """A session, and the services that its turns call."""

    def __init__(self, session_id: str, service: Service, others: OtherServices) -> None:
        self.session_id = session_id
        self.service = service
        self.others = others
        self.ended: list[BacktestEnded] = []

    @classmethod
    async def open(
        cls, others: OtherServices | None = None, *, auto_run: bool = False, writer: Writer | None = None
    ) -> Self:
        others = others or OtherServices()
        service = Service(writer, tools=others)
        request = session_requested(auto_run=auto_run)
        await service.sessions.create(request, delivery(answered=False))
        return cls(request.session_id, service, others)

    async def say(self, *messages: str) -> str:
        """Say one after the other, and return the answer to the last."""
        for message in messages:
            await self.service.say(self.session_id, message)
            await self.service.work(self.session_id)
        return self.last

    async def ran(self, name: str, **config: Any) -> str:
        """Let a strategy have a completed backtest that the conversation did not start; return its id."""
        request = await self.others.backtest.accept(name, **config)
        await self.others.backtest.run(request.backtest_id)
        await self.others.tell()
        return request.backtest_id

    async def finish(self) -> str:
        """Let what was started run to its end, and return what the conversation says last."""
        for backtest_id in await self.others.backtest.claimable():
            await self.others.backtest.run(backtest_id)
        await self.hear()
        while self.session.turn:
            await self.service.work(self.session_id)
        return self.last

    async def hear(self) -> None:
        """Let the session service hear of the backtests that have ended since the last time."""
        for event in await self.others.tell():
            if isinstance(event, BacktestCompleted | BacktestFailed | BacktestCancelled):
                self.ended.append(event)
                await self.service.chat.hear_end(event, delivery())

    @property
    def session(self) -> Session:
        return self.service.session(self.session_id)

    @property
    def last(self) -> str:
        """Return the last entry of the history."""
        return self.session.history[-1].content

    @property
    def proposed(self) -> list[dict[str, Any]]:
        """Return the configurations of the backtests that are proposed."""
        return [dict(each.config) for each in self.session.context.proposals]

    @property
    def started(self) -> list[BacktestRequested]:
        """Return the requests for backtests that were made."""
        return [each for each in self.others.asked if isinstance(each, BacktestRequested)]

    def config_of(self, number: int = -1) -> BacktestConfig:
        """Return what a backtest that was started runs."""
        stored = self.others.backtest.store.memory.documents[self.started[number].backtest_id]
        return BacktestConfig.model_validate(stored["config"])


async def with_three() -> Conversation:
    """Open one about three strategies that have run."""
    conversation = await Conversation.open()
    for name, kind in (("Calm", "momentum"), ("Wild", "rsi"), ("Mild", "buy_and_hold")):
        await conversation.ran(name, type=kind, symbols=["AAPL"], start_date="2012-06-01")
    return conversation
