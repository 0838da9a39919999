"""The lead of a storm: gives time now and then, and to some learners of brief attempts at the very last moment."""

from collections.abc import Sequence
from random import Random

from tests.chaos.build import BRIEF
from tests.chaos.history import History
from tests.chaos.learner import Learner, Page
from tests.chaos.sender import Sender, now
from tests.chaos.stores import Account
from tracker.assessment.time_ledger import GRACE

GIVING = 0.02
LAST_SECONDS = 0.25
"""So long before nothing is taken any more is the last moment."""


class Lead(Sender):
    """Gives a minute at a time, always with a reason."""

    def __init__(
        self, account: Account, port: int, cohort_id: str, learners: Sequence[Learner], history: History, chance: Random
    ) -> None:
        super().__init__(account, port, history, chance)
        self._cohort_id = cohort_id
        brief = [learner for learner in learners if learner.assessment == BRIEF]
        self._aimed = brief[::2]
        self._others = [learner for learner in learners if learner not in brief]
        self._helped: set[str] = set()

    async def step(self) -> None:
        """See who is at the end of their time, and help; otherwise, now and then, give time to anybody."""
        for learner in self._aimed:
            if learner.page and learner.attempt_id not in self._helped and _is_last_moment(learner.page):
                self._helped.add(learner.attempt_id)
                await self._give(learner, "the last moment")
        if self._chance.random() < GIVING and self._others:
            await self._give(self._chance.choice(self._others), "now and then")

    async def _give(self, learner: Learner, reason: str) -> None:
        if not learner.attempt_id:
            return
        self._history.deliberate["credits"] += 1
        credit_id = f"{self._chance.getrandbits(128):032x}"
        path = f"/cohorts/{self._cohort_id}/members/{learner.learner_id}/attempts/{learner.attempt_id}/credits"
        request = self._request("credit", attempt_id=learner.attempt_id, text=credit_id)
        await self._insist(request, path, {"minutes": "1", "reason": reason, "credit": credit_id})


def _is_last_moment(page: Page) -> bool:
    return 0 < (page.ends_at + GRACE - now()).total_seconds() < LAST_SECONDS
