"""A storm: a build served, learners at it through a proxy, strikes, a sweep, and what the checker says of it all."""

import asyncio
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.chaos.build import ADAPTIVE, BRIEF, LEISURELY, LIMITS, Fault, make_build
from tests.chaos.checker import Violation, check
from tests.chaos.history import History, Request
from tests.chaos.killer import Killer, draw_strikes
from tests.chaos.lead import Lead
from tests.chaos.learner import Learner
from tests.chaos.power import Disk, make_disk
from tests.chaos.proxy import Proxy
from tests.chaos.server import Server
from tests.chaos.stored import StoredAttempt
from tests.chaos.stores import Account, Stores, connect

DROPPED = 0.03
SWEEPERS = 2
TELL_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of what. It goes on until all of it has happened.

    Of the learners, `brief` take the brief assessment; `begun_seconds` is how long before the storm they did. Of the
    others a third take an adaptive one.
    """

    seed: int
    answers: int
    kills: int
    pauses: int
    cuts: int
    seconds: float
    learners: int = 16
    brief: int = 4
    think_seconds: float = 0.05
    gap_seconds: tuple[float, float] = (0.5, 3.0)
    begun_seconds: tuple[float, float] = (45, 60)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a storm."""

    plan: Plan
    history: History
    strikes: Counter[str]
    dropped: int
    attempts: Sequence[StoredAttempt]
    seconds: float
    violations: Sequence[Violation]

    @property
    def ran_out(self) -> int:
        """How many attempts ended because their time did."""
        return sum(attempt.finished_at == attempt.deadline for attempt in self.attempts)

    def lines(self) -> list[str]:
        """What happened, one fact a line."""
        requests = Counter(request.outcome for request in self.history.requests)
        strikes = ", ".join(f"{count} {way}" for way, count in sorted(self.strikes.items()))
        found = Counter(violation.kind for violation in self.violations)
        odd = self.history.deliberate
        on_purpose = ", ".join(f"{count} {what}" for what, count in sorted(odd.items()))
        adaptive = sum(attempt.assessment == ADAPTIVE for attempt in self.attempts)
        credits = [credit for attempt in self.attempts for credit in attempt.credits]
        for_outages = sum(credit.giver_id is None for credit in credits)
        late = sum(len(attempt.late) for attempt in self.attempts)
        return [
            f"seed {self.plan.seed}: {self.history.acknowledged_answers} answers acknowledged in {self.seconds:.0f} s",
            f"{self.strikes.total()} strikes: {strikes}",
            f"{len(self.history.requests)} requests: {requests['acknowledged']} acknowledged,"
            f" {requests['stale']} stale, {requests['closed']} closed, {requests['unknown']} with no reply that says",
            f"{self.dropped} replies dropped; on purpose: {on_purpose}",
            f"attempts: {len(self.attempts)}, {adaptive} of them adaptive, {self.ran_out} ran out of time",
            f"credits: {len(credits)}, {for_outages} of them for outages; late answers kept: {late}",
            f"replies: {_quantiles(self.history.requests)}",
            f"violations: {', '.join(f'{count} {kind}' for kind, count in sorted(found.items())) or 'none'}",
        ]


def run(folder: Path, plan: Plan, fault: Fault | None = None) -> Outcome:
    """One storm against a build, made in this empty folder. Raises: NotStarted, when it does not come up again."""
    build = make_build(folder / "build", fault)
    with make_disk(folder) if plan.cuts else nullcontext() as disk:
        server = Server(build, (disk.folder if disk else folder) / "instance")
        server.start()
        try:
            server.wait()
            return _observe(server, plan, disk)
        finally:
            server.stop()


def _observe(server: Server, plan: Plan, disk: Disk | None) -> Outcome:
    chance, history = Random(plan.seed), History()
    with connect(server.build, server.instance) as stores:
        seats = [_seat(stores, number, plan, history, chance) for number in range(plan.learners)]
        lead = stores.add_learner("lead")
        cohort_id = stores.make_cohort(lead, [account for account, _ in seats])
        lead = stores.sign_in(lead.learner_id)
    killer = Killer(server, Random(plan.seed), gap_seconds=plan.gap_seconds, disk=disk)
    begun = time.monotonic()
    dropped = asyncio.run(_rage(server, seats, (lead, cohort_id), killer, plan, history))
    seconds = time.monotonic() - begun
    swept_at = _sweep(server)
    with connect(server.build, server.instance) as stores:
        stored = stores.read(swept_at=swept_at)
    return Outcome(
        plan=plan,
        history=history,
        strikes=killer.done,
        dropped=dropped,
        attempts=stored.attempts,
        seconds=seconds,
        violations=check(history, stored, limits=LIMITS),
    )


def _sweep(server: Server) -> datetime:
    """Have all that is overdue closed, by several at once. Returns: when that began."""
    begun = datetime.now(UTC)
    for sweeper in [server.command("attempts", "sweep") for _ in range(SWEEPERS)]:
        assert sweeper.wait() == 0, f"A sweep failed; {server.log} says why."
    return begun


def _seat(stores: Stores, number: int, plan: Plan, history: History, chance: Random) -> tuple[Account, str]:
    """A learner and what they take; a brief attempt has begun already, so that it ends during the storm."""
    account = stores.add_learner(f"learner{number}")
    if number >= plan.brief:
        return account, LEISURELY if number % 3 else ADAPTIVE
    ago = timedelta(seconds=chance.uniform(*plan.begun_seconds))
    at = datetime.now(UTC) - ago
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    attempt_id = stores.begin(BRIEF, account, at=at)
    history.requests.append(
        Request("start", account.learner_id, at, at, "acknowledged", attempt_id=attempt_id, assessment=BRIEF)
    )
    return account, BRIEF


async def _rage(
    server: Server,
    seats: Sequence[tuple[Account, str]],
    leading: tuple[Account, str],
    killer: Killer,
    plan: Plan,
    history: History,
) -> int:
    """Let everybody go on until all has happened. Returns: how many replies were dropped."""
    strikes = draw_strikes(Random(plan.seed), kills=plan.kills, pauses=plan.pauses, cuts=plan.cuts)
    over = asyncio.Event()
    async with Proxy(server.port, drop=DROPPED, chance=Random(plan.seed)) as proxy, asyncio.TaskGroup() as group:
        learners = [
            Learner(account, proxy.port, assessment, history, _chance(plan, account)) for account, assessment in seats
        ]
        lead = Lead(leading[0], proxy.port, leading[1], learners, history, _chance(plan, leading[0]))
        for person in (*learners, lead):
            group.create_task(_keep_going(person, plan.think_seconds, Random(plan.seed), over))
        telling = group.create_task(_tell(history, killer))
        earliest = time.monotonic() + plan.seconds
        await killer.run(strikes)
        while time.monotonic() < earliest or history.acknowledged_answers < plan.answers:
            await asyncio.sleep(0.5)
        over.set()
        telling.cancel()
    return proxy.dropped


async def _tell(history: History, killer: Killer) -> None:
    """Say now and then how far it is."""
    while True:
        await asyncio.sleep(TELL_SECONDS)
        sys.stderr.write(f"  ... {history.acknowledged_answers} answers, {killer.done.total()} strikes\n")


def _chance(plan: Plan, account: Account) -> Random:
    return Random(f"{plan.seed}/{account.learner_id}")


async def _keep_going(person: Learner | Lead, think_seconds: float, chance: Random, over: asyncio.Event) -> None:
    while not over.is_set():
        await person.step()
        await asyncio.sleep(chance.uniform(0, 2 * think_seconds))
    person.close()


def _quantiles(requests: Sequence[Request]) -> str:
    told = [(request.told_at - request.sent_at) / timedelta(milliseconds=1) for request in requests if request.told_at]
    cuts = statistics.quantiles(told, n=100)
    return f"half within {cuts[49]:.0f} ms, 99 of 100 within {cuts[98]:.0f} ms, the slowest {max(told):.0f} ms"
