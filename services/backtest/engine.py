"""The simulator in warm worker processes: the event loop never waits for it, and a deadline ends it."""

from collections.abc import Callable
from typing import Any

import anyio
from anyio import CapacityLimiter, to_process

from services.backtest.errors import JobError
from services.chassis.mongo import Document


class ProcessEngine:
    """Runs each backtest in a process of its own pool."""

    def __init__(self, processes: int, deadline_seconds: float) -> None:
        self._processes = processes
        self._limiter = CapacityLimiter(max(1, processes))
        self._deadline_seconds = deadline_seconds

    async def warm_up(self, measured: Callable[[float], None]) -> None:
        """Start the processes and compile the simulator, so that the first backtest doesn't wait for it.

        Tells each how long a backtest took there, in seconds.
        """

        async def warm() -> None:
            measured(await self._call(_warm_up))

        async with anyio.create_task_group() as tasks:
            for _ in range(self._processes):
                tasks.start_soon(warm)

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


def _warm_up() -> float:
    from services.backtest.simulation import warm_up  # noqa: PLC0415 - the compiler's 70 MB stay in the worker

    return warm_up()


def _simulate(config: dict[str, Any]) -> Document:
    from services.backtest.simulation import simulate_config  # noqa: PLC0415 - as above

    return simulate_config(config)
