"""`flask bank …`"""

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import closing

import click
from flask.cli import AppGroup

from tracker import clock
from tracker.assessment.family import split_version
from tracker.assessment.item_statistics import Figure, Finding, ItemStatistics
from tracker.assessment.proof_result import ProofResult, ProofState
from tracker.assessment.quality.coverage import LEVELS
from tracker.cli.faults import told
from tracker.services import bank_quality, item_reviews, proofs

INTERRUPTED = 130

group = AppGroup("bank", help="The question bank.")


@group.command("check")
def check() -> None:
    """Judge the whole bank; faults in its files stop the app, and so this command, before that."""
    findings = bank_quality.check_bank()
    for finding in findings:
        click.echo(f"{'error' if finding.is_error else 'warning'}: {finding}")
    errors = sum(finding.is_error for finding in findings)
    total = bank_quality.get_stats().total
    click.echo(f"{total.items} items: {errors} errors, {len(findings) - errors} warnings.")
    if errors:
        raise SystemExit(1)


@group.command("stats")
def stats() -> None:
    """Print how many items there are, by topic, level, type and proof."""
    found = bank_quality.get_stats()
    names = list(found.total.types)
    click.echo(_row("", "items", "families", *(f"level {level}" for level in LEVELS), *names, "proved by running"))
    for coverage in (*found.topics, found.total):
        levels = [str(coverage.levels[level]) for level in LEVELS]
        types = [str(coverage.types[name]) for name in names]
        run = f"{coverage.executed} ({coverage.executed_share:.0%})"
        click.echo(_row(coverage.topic_id or "all", str(coverage.items), str(coverage.families), *levels, *types, run))


@group.command("prove")
@click.argument("names", metavar="[ITEM]...", nargs=-1)
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, show_default=True)
@click.option("--changed", is_flag=True, help="Leave out what was proved as it is now, on what is installed now.")
@told()
def prove(names: tuple[str, ...], jobs: int, *, changed: bool) -> None:
    """Run the proof of every ITEM: an id, a file, a topic or an area; of the whole bank when none is named."""
    came: list[ProofResult] = []
    started_at = clock.now()
    try:
        items = proofs.list_items(names)
        prover = proofs.open_prover()
        if changed:
            items = proofs.leave_out_proved(items, prover)
        with (
            closing(proofs.prove_items(items, prover, jobs=jobs, now=started_at)) as running,
            click.progressbar(running, length=len(items), label="Proving keys") as bar,
        ):
            came.extend(bar)
    except KeyboardInterrupt:
        _report(came, seconds=(clock.now() - started_at).total_seconds())
        click.echo("Stopped; what was proved is kept.", err=True)
        raise SystemExit(INTERRUPTED) from None
    _report(came, seconds=(clock.now() - started_at).total_seconds())
    if any(result.state == ProofState.FAILED for result in came):
        raise SystemExit(1)


@group.command("health")
@click.option("--flag", "flags", is_flag=True, help="Put items under review whose key seems wrong or known.")
def health(*, flags: bool) -> None:
    """Compute the statistics of every item from all answers, and print what they find; findings are no failure."""
    from tracker.services import answer_log, item_statistics  # SciPy: a fifth of a second that no start has to wait for

    now = clock.now()
    log = answer_log.AnswerLog()
    with click.progressbar(length=item_statistics.count_learners(), label="Reading answers") as bar:
        for learners in item_statistics.read_answers(log, now=now):
            bar.update(learners)
    computing = item_statistics.compute_statistics(log, now=now)
    with click.progressbar(computing, length=len(log.areas), label="Computing statistics") as areas:
        statistics = [one for area in areas for one in area]
    item_statistics.keep_statistics(statistics, now=now)
    flagged = item_reviews.flag_alarmed(statistics, now=now) if flags else []
    _report_health(statistics)
    for one in flagged:
        click.echo(f"under review: {one.item_id}: {', '.join(one.alarms)}")


@group.command("flag")
@click.argument("item_id", metavar="ITEM")
@click.option("--because", required=True, help="Why; its authors see this.")
@told()
def flag(item_id: str, because: str) -> None:
    """Put ITEM under review: it is served, but its answers do not count until somebody decides."""
    item_reviews.flag_item(item_id, because=because, now=clock.now())
    click.echo(f"{item_id} is under review. Its answers do not count in attempts that end from now on.")
    click.echo(f"To count them again: flask bank keep {item_id} --because ...")
    click.echo(f"To retire it: add `retired` to question_bank/items/{item_id}.toml (see question_bank/README.md).")


@group.command("keep")
@click.argument("item_id", metavar="ITEM")
@click.option("--because", required=True, help="Why; its authors see this.")
@told()
def keep(item_id: str, because: str) -> None:
    """Count the answers to ITEM again, which was under review; attempts that are over stay as they are."""
    item_reviews.keep_item(item_id, because=because, now=clock.now())
    click.echo(f"{item_id} counts again, in attempts that end from now on.")


def _report_health(statistics: Sequence[ItemStatistics]) -> None:
    """One line a finding, one a topic, and one for all."""
    for one in statistics:
        for finding in one.findings:
            click.echo(f"{one.item_id}: {_told(finding)}")
    by_topic: dict[str, list[ItemStatistics]] = {}
    for one in statistics:
        by_topic.setdefault(one.item_id.rpartition("/")[0], []).append(one)
    for topic_id, there in sorted(by_topic.items()):
        click.echo(f"{topic_id}: {_summary(there)}")
    click.echo(f"all: {_summary(statistics)}")


def _told(finding: Finding) -> str:
    name = f"{finding.rule} ({finding.part})" if finding.part else finding.rule
    since = f", since {finding.since:%Y-%m-%d}" if finding.since else ""
    return f"{name}: {_interval(finding.figure)}, limit {finding.limit:.2f}, {finding.figure.n} answers{since}"


def _interval(figure: Figure) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"


def _summary(statistics: Sequence[ItemStatistics]) -> str:
    answers, findings = sum(one.responses for one in statistics), sum(len(one.findings) for one in statistics)
    alarmed = sum(bool(one.alarms) for one in statistics)
    return f"{len(statistics)} items, {answers} answers, {findings} findings, {alarmed} alarmed"


def _report(came: Sequence[ProofResult], *, seconds: float) -> None:
    """One line a failure, one a topic, and one for all."""
    for result in sorted(came, key=lambda result: (result.item_id, result.version)):
        if result.doubts:
            click.echo(f"failed: {_name(result)}: {' '.join(result.doubts)}")
    for topic_id in sorted({_topic_id(result) for result in came}):
        click.echo(f"{topic_id}: {_count([result for result in came if _topic_id(result) == topic_id])}")
    click.echo(f"{_count(came)} in {seconds:.0f} seconds.")
    used = sorted({name for result in came for name in result.used}, key=str.casefold)
    if used:
        click.echo(f"On {', '.join(used)}.")


def _name(result: ProofResult) -> str:
    surface = split_version(result.version)[1]
    return f"{result.item_id} ({surface})" if surface else result.item_id


def _topic_id(result: ProofResult) -> str:
    return result.item_id.rpartition("/")[0] or result.item_id


def _count(results: Sequence[ProofResult]) -> str:
    states = Counter(result.state for result in results)
    return ", ".join(f"{states[state]} {state}" for state in ProofState)


def _row(name: str, *cells: str) -> str:
    return f"{name:26}" + " ".join(f"{cell:>8}" for cell in cells)
