"""An item's proof, run and held against its key."""

import time
from collections.abc import Sequence
from datetime import datetime

from tracker.assessment.item import Item
from tracker.assessment.proof import Evidence, Trial
from tracker.assessment.proof_result import ProofResult, ProofState
from tracker.proofs.kinds import KINDS, doubts_about_kind, list_words
from tracker.proofs.sandbox import Job, Outcome, Sandbox, shorten
from tracker.proofs.toolchain import take_stock


class Prover:
    """Proves items, from as many threads as one likes, until it is closed."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Raises: SandboxUnusable."""
        self._sandbox = sandbox
        self._toolchain = take_stock(sandbox)

    @property
    def fingerprint(self) -> str:
        """What stands for everything that is installed where proofs run."""
        return self._toolchain.fingerprint

    def close(self) -> None:
        """End what runs."""
        self._sandbox.close()

    def prove(self, item: Item, *, now: datetime) -> ProofResult:
        """Run an item's proof; one that is cited has nothing to run."""
        if not item.proof.is_executed:
            return self._result(item, ProofState.CITED, now=now)
        started = time.monotonic()
        trials = item.body.trials(item.stem_code)
        outcome = self._sandbox.run(_job(item, trials))
        loaded = outcome.report["loaded"] if outcome.report else ()
        words = list_words(item.proof, item.stem_code)
        doubts = _failures(outcome, trials) or (
            *doubts_about_kind(item.proof, words, loaded),
            *map(shorten, item.body.doubts(_evidence(outcome), item.stem_code)),
        )
        return self._result(
            item,
            ProofState.FAILED if doubts else ProofState.PROVED,
            now=now,
            doubts=doubts,
            used=self._toolchain.name_used(item.proof.kind, words, loaded),
            seconds=round(time.monotonic() - started, 3),
        )

    def _result(
        self,
        item: Item,
        state: ProofState,
        *,
        now: datetime,
        doubts: tuple[str, ...] = (),
        used: tuple[str, ...] = (),
        seconds: float = 0,
    ) -> ProofResult:
        return ProofResult(
            item_id=item.id,
            version=item.version,
            kind=item.proof.kind,
            state=state,
            doubts=doubts,
            used=used,
            toolchain=self.fingerprint,
            seconds=seconds,
            at=now,
        )


def _job(item: Item, trials: Sequence[Trial]) -> Job:
    return Job(
        code=item.stem_code if item.proof.runs_stem else item.proof.code,
        runs_stem=item.proof.runs_stem,
        trials=tuple(trial.text for trial in trials),
        server=KINDS[item.proof.kind].server,
    )


def _failures(outcome: Outcome, trials: Sequence[Trial]) -> tuple[str, ...]:
    """Why there is no evidence at all."""
    if not outcome.failure:
        return ()
    trial = (outcome.report or {}).get("trial")
    subject = "The proof" if trial is None else f"`works`, called with {trials[trial].name},"
    return (f"{subject} {outcome.failure}.",)


def _evidence(outcome: Outcome) -> Evidence:
    report = outcome.report or {}
    if "holds" in report:
        return Evidence(holds=report["holds"])
    if "matches" in report:
        return Evidence(matches={prompt: frozenset(found) for prompt, found in report["matches"].items()})
    if "works" in report:
        return Evidence(works=tuple(report["works"]))
    if "value" in report:
        return Evidence(value=report["value"])
    return Evidence(printed=_printed(outcome.printed, ended_in=report["ended_in"]))


def _printed(text: str, *, ended_in: str) -> str:
    """What a run of the stem shows; the name of the exception it ended in stands on a line of its own."""
    between = "\n" if text and not text.endswith("\n") else ""
    return f"{text}{between}{ended_in}"
