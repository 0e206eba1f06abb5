"""The plan of a run: jobs and chat turns with their times, faults in their order. Same seed, same plan."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar

from deploy.services import SERVICES
from services.backtest.domain.strategy_types import STRATEGIES

T = TypeVar("T", bound=str)

Kind = Literal["plain", "shared", "slow", "poison", "raising", "short"]
Action = Literal["kill", "terminate", "stop", "worker", "point", "cut", "delay", "reset"]

KINDS: Final[Mapping[Kind, int]] = MappingProxyType(
    {"plain": 60, "shared": 30, "slow": 5, "poison": 1, "raising": 1, "short": 3}
)
"""Shares in percent: `shared` jobs are equal to others; the last three fail, each in another way."""
PRIORITIES: Final = MappingProxyType({"high": 15, "normal": 70, "low": 15})
USERS: Final = ("kim", "lee", "park", "choi", "system")
FAIL: Final[frozenset[Kind]] = frozenset({"poison", "raising", "short"})
NAMES: Final = tuple(f"chaos {number}" for number in range(20))
"""The names of the strategies."""
EQUALS: Final = 10
SYMBOLS: Final = ("AAPL", "GOOG", "IBM", "MSFT")
TYPES: Final = tuple(STRATEGIES)
SLOW_SECONDS: Final = 2.0
THROUGH_KAFKA: Final = 0.15
CANCELLED: Final = 0.05
TURNS_PER_JOB: Final = 0.05

POINTS: Final = (
    "handled",
    "stored:backtest.accepted",
    "stored:backtest.started",
    "attached",
    "stored:backtest.completed",
    "stored:backtest.failed",
    "stored:backtest.cancelled",
    "sent",
    "turn begun",
    "stored:comparison.completed",
    "called",
    "stored:chat.answered",
)
WORKERS_KILLED: Final = 3
LIVES_SECONDS: Final = (0.5, 4.0)
DISTURBED_SECONDS: Final = (1.0, 4.0)


@dataclass(frozen=True, slots=True)
class Job:
    """A backtest to request `at` seconds after the beginning, and to cancel `cancel_after` seconds later."""

    number: int
    at: float
    kind: Kind
    through_kafka: bool
    request: Mapping[str, Any]
    cancel_after: float | None

    def __str__(self) -> str:
        way = "Kafka" if self.through_kafka else "HTTP"
        cancelled = "" if self.cancel_after is None else f", to be cancelled {self.cancel_after:.1f} s later"
        return f"job {self.number}: {self.kind}, through {way} at {self.at:.1f} s{cancelled}"

    @property
    def equals(self) -> str | None:
        """A key that is the same for jobs that must have the same result; None for others."""
        config = self.request["strategy_config"]
        return f"{config['type']} {config['initial_cash']}" if self.kind == "shared" else None


@dataclass(frozen=True, slots=True)
class Turn:
    """A chat message to send in a session, `at` seconds after the beginning."""

    number: int
    at: float
    session: int
    message: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a process, a fault point or a connection: begins after `pause` seconds, lasts `seconds`."""

    action: Action
    target: str
    pause: float
    seconds: float = 0.0

    def __str__(self) -> str:
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.action} {self.target}{lasting}"


def reason(kind: Kind) -> str:
    """Return the trigger reason of a kind of jobs: their fault point is `simulation:<reason>`."""
    return f"chaos-{kind}"


def fault_points() -> dict[str, str]:
    """Return the fault points that are armed during the whole run, with their actions."""
    actions: dict[Kind, str] = {"slow": f"sleep {SLOW_SECONDS}", "poison": "kill", "raising": "raise"}
    return {f"simulation:{reason(kind)}": action for kind, action in actions.items()}


def plan_jobs(seed: int, count: int, seconds: float, kinds: Mapping[Kind, int] = KINDS) -> list[Job]:
    """Return the jobs in the order of their times; `kinds` has the weight of each kind."""
    chance = random.Random(f"jobs {seed}")
    times = sorted(chance.uniform(0.0, seconds) for _ in range(count))
    return [_job(chance, number, at, kinds) for number, at in enumerate(times)]


def _job(chance: random.Random, number: int, at: float, kinds: Mapping[Kind, int]) -> Job:
    kind = _pick(chance, kinds)
    config: dict[str, Any] = {
        "name": chance.choice(NAMES),
        "type": chance.choice(TYPES),
        "symbols": sorted(chance.sample(SYMBOLS, chance.randint(1, 3))),
        "initial_cash": 10_000.0 + number,
    }
    if kind == "shared":
        equal = chance.randrange(EQUALS)
        config |= {
            "type": TYPES[equal % len(TYPES)],
            "symbols": ["AAPL", "IBM"],
            "initial_cash": 1000.0 + equal,
        }
    if kind == "short":
        config |= {"start_date": "2012-06-02", "end_date": "2012-06-03"}  # a weekend
    request = {
        "strategy_config": config,
        "user_id": chance.choice(USERS),
        "priority": _pick(chance, PRIORITIES),
        "fresh": kind != "shared",
        "trigger_reason": reason(kind),
    }
    through_kafka = chance.random() < THROUGH_KAFKA
    cancel_after = chance.uniform(0.0, SLOW_SECONDS) if chance.random() < CANCELLED else None
    return Job(number, at, kind, through_kafka, request, cancel_after)


def plan_turns(seed: int, jobs: int, sessions: int, seconds: float) -> list[Turn]:
    """Return the chat turns in the order of their times."""
    chance = random.Random(f"turns {seed}")
    messages = ("어떤 전략이 더 안정적인가요?", "그 전략의 최대 낙폭은?", "Which one has the highest return?")
    times = sorted(chance.uniform(0.0, seconds) for _ in range(round(jobs * TURNS_PER_JOB)))
    return [
        Turn(number, at, chance.randrange(sessions), chance.choice(messages))
        for number, at in enumerate(times)
    ]


def plan_faults(seed: int, servers: Sequence[str], links: Sequence[str], lease: float) -> Iterator[Fault]:
    """Yield faults without end: all faults in random order, then all again.

    Args:
        seed: the same seed gives the same faults.
        servers: the names of database and brokers, which are killed too.
        links: the connections that can be disturbed.
        lease: the duration of a lease in seconds; a stopped service is stopped for longer.

    """
    chance = random.Random(f"faults {seed}")
    while True:
        faults = _all_faults(servers, links)
        chance.shuffle(faults)
        for action, target in faults:
            lasting = 0.0
            if action == "stop":
                lasting = lease + chance.uniform(0.5, 2.0)
            elif action in {"cut", "delay"}:
                lasting = chance.uniform(*DISTURBED_SECONDS)
            yield Fault(action, target, chance.uniform(*LIVES_SECONDS), lasting)


def _all_faults(servers: Sequence[str], links: Sequence[str]) -> list[tuple[Action, str]]:
    """Return each fault once, and the more harmful ones several times."""
    targets: dict[Action, Sequence[str]] = {
        "kill": (*SERVICES, "backtest", "backtest", *servers, *servers),
        "terminate": SERVICES,
        "stop": SERVICES,
        "worker": ("of backtest",) * WORKERS_KILLED,
        "point": POINTS,
        "cut": links,
        "delay": links,
        "reset": links,
    }
    return [(action, target) for action, names in targets.items() for target in names]


def _pick(chance: random.Random, weights: Mapping[T, int]) -> T:
    return chance.choices(list(weights), list(weights.values()))[0]
