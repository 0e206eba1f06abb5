"""Jobs: work that takes too long for a handler, done by one worker at a time, and never lost.

A job is a document of an aggregate with a `rank`. A handler stores it and returns; workers claim it later.
- **Rank.** Says when a job may be claimed: its position in the queue, or the time at which it is due. It is
  stored as a number, the smallest first, so that one index finds both. A job without a rank is done; one that
  is asleep can't be claimed until it gets another rank.
- **Lease.** A claim is a compare-and-set that sets the rank to the end of the lease (`LEASE_SECONDS`).
  Heartbeats renew it (`HEARTBEAT_SECONDS`). If the worker dies, its job is due when the lease ends, and
  claimed again.
- **Fence.** A number that grows with every claim and every return of a job. Only the holder of the newest may
  renew the lease or end the job: a worker that was paused for too long cannot overwrite its successor's work.
- **Attempts.** They count the claims that were used. The service decides how many there may be: a job that
  keeps killing its worker (poison) ends as failed instead of being claimed for ever. While a job is claimed
  again, it is suspect, and the service may let fewer jobs run beside it (`most_beside_due`).
- **Shortlist.** Each process keeps up to 1,000 candidates by rank, read again every second, and at once when
  it runs empty; new jobs are announced to it without a query. It may be stale: the compare-and-set decides.
- **Fairness** is in the rank: the service computes it so that no user waits for all jobs of another.
- **Stop.** Workers claim no more, finish what they can within `DRAIN_SECONDS`, and give the rest back at
  once, without counting the attempt. A job whose lease is lost, or that is cancelled, is stopped.
- **End.** A job leaves its slot when its work is done: its end is written while the next job runs, and goes
  on if the lease is lost. While the database does not answer, it waits: no work is done again for that, and
  no attempt counts.

Modules
- `queue`: the jobs among a collection's documents: candidates, claim, renew, release
- `rank`, `shortlist`: ranks as a type and as a number; the candidates in memory
- `workers`: claims jobs, runs as many side by side as there are slots, renews their leases
"""
