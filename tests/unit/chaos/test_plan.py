"""The plan of a chaos run: reproducible, and with every kind of job and fault."""

from itertools import islice
from typing import Any

from deploy.services import SERVICES
from tests.chaos.plan import KINDS, POINTS, fault_points, plan_faults, plan_jobs, plan_turns


def test_the_same_seed_gives_the_same_jobs_turns_and_faults() -> None:
    def planned(seed: int) -> list[Any]:
        faults = plan_faults(seed, ["mongodb", "kafka"], ["mongodb"], 5.0)
        return [*plan_jobs(seed, 50, 60.0), *plan_turns(seed, 50, 4, 60.0), *islice(faults, 50)]

    assert planned(7) == planned(7)
    assert planned(7) != planned(8)


def test_a_plan_has_all_kinds_of_jobs() -> None:
    jobs = plan_jobs(1, 1000, 300.0)
    assert {job.kind for job in jobs} == set(KINDS)
    assert {job.through_kafka for job in jobs} == {True, False}
    assert [job.at for job in jobs] == sorted(job.at for job in jobs)
    assert 20 < sum(job.cancel_after is not None for job in jobs) < 100
    assert {job.equals for job in jobs if job.kind != "shared"} == {None}
    armed = fault_points()
    slow = next(job for job in jobs if job.kind == "slow")
    assert armed[f"simulation:{slow.request['trigger_reason']}"] == "sleep 2.0"


def test_all_services_and_servers_are_broken_in_all_ways() -> None:
    faults = list(islice(plan_faults(1, ["mongodb"], ["mongodb"], 5.0), 40))
    broken = {(fault.action, fault.target) for fault in faults}
    assert {target for action, target in broken if action == "kill"} == {*SERVICES, "mongodb"}
    assert {target for action, target in broken if action == "stop"} == set(SERVICES)
    assert {target for action, target in broken if action == "point"} == set(POINTS)
    assert {("cut", "mongodb"), ("delay", "mongodb"), ("reset", "mongodb")} <= broken
    assert all(fault.seconds > 5.0 for fault in faults if fault.action == "stop")
    undisturbed = islice(plan_faults(1, ["mongodb"], [], 5.0), 40)
    assert not {fault.action for fault in undisturbed} & {"cut", "delay", "reset"}
