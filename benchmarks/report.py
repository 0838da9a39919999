"""The figures as a page: docs/benchmarks.md, from the text in report.md."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.bank import Loading
from benchmarks.cohorts import OPENED, Opened
from benchmarks.cold_browser import PEERS_QUESTIONS, Traffic
from benchmarks.crowd import Times
from benchmarks.load import CASES, Case, Run
from benchmarks.usage import PARTS
from tracker.config import ROOT

FILE = ROOT / "docs" / "benchmarks.md"
TEXT = Path(__file__).with_name("report.md")
STEPS = {"answer": "answer, next item", "start": "rules, start, first item", "finish": "finish, result"}


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured; `starts` begins with the one that made the instance."""

    facts: list[str]
    loading: Loading
    starts: list[float]
    runs: Mapping[Case, Sequence[Run]]
    cohorts: list[Opened]
    slow_rows: list[str]
    traffic_of_peers: Traffic
    traffic: Traffic


def write(measured: Measured) -> str:
    """The whole page."""
    runs = measured.runs
    rounds = len(runs[CASES[0]])
    seconds = round(runs[CASES[0]][0].outcome.seconds)
    return TEXT.read_text().format(
        day=date.today().isoformat(),  # noqa: DTZ011 -- the day at this machine
        facts="\n".join(f"- {fact}" for fact in measured.facts),
        rounds=rounds,
        seconds=seconds,
        answers="\n".join(_answer_row(case, runs[case]) for case in CASES),
        steps="\n".join(_step_row(case, kind, runs[case]) for case in CASES for kind in STEPS if kind != "answer"),
        parts="\n".join(_part_row(part, runs) for part in PARTS),
        all_parts=_row("all", [f"{sum(_cpu_ms(part, runs[case]) for part in PARTS):.1f}" for case in CASES]),
        client=_client_shares(runs),
        busiest=f"{_rate(runs[CASES[2]]):.0f}",
        first_start=f"{measured.starts[0]:.1f}",
        start=f"{median(measured.starts[1:]):.1f}",
        bank=_loading_rows(measured.loading),
        opened=OPENED,
        cohorts="\n".join(map(_cohort_row, measured.cohorts)),
        slow="\n".join(measured.slow_rows),
        peers_questions=PEERS_QUESTIONS,
        traffic_of_peers=_traffic(measured.traffic_of_peers),
        traffic=_traffic(measured.traffic),
    )


def _loading_rows(loading: Loading) -> str:
    rows = (("the first time", loading.first), ("rendered before", loading.again))
    head = f"{loading.files} files, {loading.families} of them families"
    return "\n".join(
        _row(f"{head}, {name}", [f"{1000 * seconds:.0f}", f"{loading.per_thousand(seconds):.0f}"])
        for name, seconds in rows
    )


def _answer_row(case: Case, runs: Sequence[Run]) -> str:
    errors = sum(sum(run.outcome.errors.values()) for run in runs)
    others = f"{100 * median(_others_share(run) for run in runs):.0f} %"
    return _row(case.name, [f"{_rate(runs):.0f}", *_times(runs, "answer"), str(errors), case.aim, others])


def _step_row(case: Case, kind: str, runs: Sequence[Run]) -> str:
    return _row(case.name, [STEPS[kind], str(sum(_count(run, kind) for run in runs)), *_times(runs, kind)])


def _part_row(part: str, runs: Mapping[Case, Sequence[Run]]) -> str:
    peak = max(run.usage.peak_mib[part] for case in CASES for run in runs[case])
    return _row(part, [*(f"{_cpu_ms(part, runs[case]):.1f}" for case in CASES), f"{peak:.0f}"])


def _rate(runs: Sequence[Run]) -> float:
    """Answers a second."""
    return median(_count(run, "answer") / run.outcome.seconds for run in runs)


def _times(runs: Sequence[Run], kind: str) -> list[str]:
    """p50, p95 and p99 in milliseconds, the median of the runs that have such a step."""
    done = [run.outcome.steps[kind] for run in runs if kind in run.outcome.steps]
    cuts: list[Callable[[Times], float]] = [lambda times: times.p50, lambda times: times.p95, lambda times: times.p99]
    return [f"{median(map(cut, done)):.1f}" if done else "-" for cut in cuts]


def _cpu_ms(part: str, runs: Sequence[Run]) -> float:
    """Milliseconds of CPU an answer."""
    return median(1000 * run.usage.cpu_seconds[part] / max(1, _count(run, "answer")) for run in runs)


def _count(run: Run, kind: str) -> int:
    return run.outcome.steps[kind].count if kind in run.outcome.steps else 0


def _client_shares(runs: Mapping[Case, Sequence[Run]]) -> str:
    """The client's own share of one core, least and most."""
    shares = [run.outcome.client_cpu_seconds / run.outcome.seconds for case in CASES for run in runs[case]]
    return f"{100 * min(shares):.0f} to {100 * max(shares):.0f} %"


def _others_share(run: Run) -> float:
    """What was neither server nor client, as a share of the whole machine."""
    return run.usage.others_cpu_seconds / run.outcome.seconds / (os.cpu_count() or 1)


def _cohort_row(opened: Opened) -> str:
    return _row(opened.name, [f"{opened.median:.0f}", f"{opened.longest:.0f}", opened.aim])


def _traffic(traffic: Traffic) -> str:
    return f"{traffic.requests} | {traffic.received / 1000:.0f} kB"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"
