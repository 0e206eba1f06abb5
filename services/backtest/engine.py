"""The simulator in warm worker processes: the event loop never waits for it, and a deadline ends it."""

from typing import Any

import anyio
from anyio import CapacityLimiter, to_process

from services.backtest.errors import JobError
from services.chassis.mongo import Document


class ProcessEngine:
    """Runs each backtest in a process of its own pool."""

    def __init__(self, processes: int, deadline_seconds: float) -> None:
        self._limiter = CapacityLimiter(max(1, processes))
        self._deadline_seconds = deadline_seconds

    async def warm_up(self) -> None:
        """Start the processes and compile the simulator, so that the first backtest doesn't wait for it."""
        async with anyio.create_task_group() as tasks:
            for _ in range(int(self._limiter.total_tokens)):
                tasks.start_soon(self._call, _warm_up)

    async def run(self, config: dict[str, Any]) -> Document:
        try:
            with anyio.fail_after(self._deadline_seconds):
                return await self._call(_simulate, config)  # type: ignore[no-any-return]
        except TimeoutError as error:
            raise JobError(
                "deadline-exceeded", f"not finished within {self._deadline_seconds:g} seconds"
            ) from error
        except ValueError as error:
            raise JobError("engine-error", str(error)) from error

    async def _call(self, function: Any, *args: Any) -> Any:  # noqa: ANN401
        return await to_process.run_sync(function, *args, cancellable=True, limiter=self._limiter)


def _warm_up() -> None:
    from services.backtest.domain.engine import warm_up  # noqa: PLC0415 - the compiler's 100 MB stay in the worker
    from services.backtest.market import SampleMarketData  # noqa: PLC0415

    warm_up()
    SampleMarketData().coverage()


def _simulate(config: dict[str, Any]) -> Document:
    from services.backtest.simulation import simulate_config  # noqa: PLC0415 - as above

    return simulate_config(config)
