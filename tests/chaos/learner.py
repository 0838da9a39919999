"""One learner of a storm: takes attempts, sends some things twice and some too late, and notes what it is told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from random import Random

from tests.chaos.build import ADAPTIVE, BRIEF, ITEMS
from tests.chaos.history import History, Look, Outcome, Request
from tests.chaos.sender import Reply, Sender, now
from tests.chaos.stores import Account
from tests.web.forms import forms
from tracker.assessment.attempt import REVIEW

STALE, LOOKING, RENAMING, RETHINKING = 0.05, 0.05, 0.05, 0.25
STAYING, KEYED, REUSING, FLAGGING, OPENING = 0.2, 0.5, 0.02, 0.1, 0.05
ENDS_AT = re.compile(r'data-ends-at="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an open attempt: the newest number it knows, its place, the item there and the answer in its form.

    ends_at: when the attempt's time is over, as it says.
    """

    seq: int
    position: int
    item_version: str
    text: str
    ends_at: datetime


class Learner(Sender):
    """Takes one assessment after the other, step by step. The brief ones are left to run out of time."""

    def __init__(self, account: Account, port: int, assessment: str, history: History, chance: Random) -> None:
        super().__init__(account, port, history, chance)
        self.learner_id = account.learner_id
        self.assessment = assessment
        self.attempt_id = ""
        self.page: Page | None = None
        self._keys: list[str] = []
        self._count = 0

    async def step(self) -> None:
        """Do what comes next: start, answer or finish, and between them something odd."""
        if self.page is None:
            await self._start()
        elif self.page.position == REVIEW:
            await self._finish(self.page)
        else:
            await self._do_something_odd(self.page)
            if self.page and self.page.position != REVIEW:
                await self._answer(self.page)

    async def _start(self) -> None:
        request = self._request("start", assessment=self.assessment)
        started = await self._insist(request, f"/assessments/{self.assessment}/attempts", {})
        self.attempt_id = started.request.attempt_id
        self._keys = []
        self.page = await self._look()

    async def _answer(self, page: Page) -> None:
        """Answer the place shown, and stay there or go on."""
        key = self._new_text("key") if self._chance.random() < KEYED else ""
        text = self._new_text("answer")
        reply = await self._insist(*self._answering(page, text, self._next(page), key))
        if key and reply.outcome == "acknowledged":
            self._keys.append(key)
        self.page = await self._shown(reply)

    def _next(self, page: Page) -> int | None:
        """The place to ask for after this one, in a brief attempt never its end; None where the answers decide."""
        if self._chance.random() < STAYING:
            self._history.deliberate["staying"] += 1
            return page.position
        if self.assessment == ADAPTIVE:
            return None
        then = page.position + 1 if page.position + 1 < ITEMS else REVIEW
        if self._chance.random() < RETHINKING or (then == REVIEW and self.assessment == BRIEF):
            return self._chance.randrange(ITEMS)
        return then

    async def _finish(self, page: Page) -> None:
        request = self._request("finish", attempt_id=self.attempt_id, seq=page.seq)
        reply = await self._insist(request, f"{self._path}/finish", {"seq": str(page.seq)})
        self.page = None if reply.outcome == "acknowledged" else await self._look()

    async def _do_something_odd(self, page: Page) -> None:
        if self._chance.random() < RENAMING:
            await self._rename()
        if self._chance.random() < STALE and page.seq > 1:
            await self._answer_from_an_old_page(page)
        if self._chance.random() < REUSING and self._keys:
            await self._use_a_key_again(page)
        if self._chance.random() < FLAGGING and self.assessment != ADAPTIVE:
            await self._flag(page)
        if self._chance.random() < OPENING:
            await self._open()
        elif self._chance.random() < LOOKING:
            self.page = await self._look()

    async def _answer_from_an_old_page(self, page: Page) -> None:
        self._history.deliberate["stale"] += 1
        old = replace(page, seq=page.seq - self._chance.randint(1, min(3, page.seq - 1)))
        await self._ask(*self._answering(old, self._new_text("stale"), page.position, ""), self._connections[0])

    async def _use_a_key_again(self, page: Page) -> None:
        self._history.deliberate["with a used key"] += 1
        used = self._chance.choice(self._keys)
        await self._ask(*self._answering(page, self._new_text("reused"), page.position, used), self._connections[0])

    async def _flag(self, page: Page) -> None:
        """Mark the place shown, or no longer."""
        self._history.deliberate["flags"] += 1
        is_on = self._chance.random() < 0.5
        kind = "flagged" if is_on else "unflagged"
        request = self._request(kind, attempt_id=self.attempt_id, seq=page.seq, position=page.position)
        form = {"seq": str(page.seq), "position": str(page.position), "is_on": "y" if is_on else ""}
        self.page = await self._shown(await self._insist(request, f"{self._path}/flags", form))

    async def _open(self) -> None:
        """Open the attempt on another page, which takes over from this one."""
        self._history.deliberate["pages that took over"] += 1
        await self._insist(self._request("opened", attempt_id=self.attempt_id), f"{self._path}/opened", {})
        self.page = await self._look()

    async def _rename(self) -> None:
        """See one's name, and take another."""
        request = self._request("name seen")
        answer = await self._get("/account")
        names = [form.values["name"][0] for form in forms(answer.text) if form.action == "/account/profile"]
        outcome: Outcome = "acknowledged" if names else "wrong"
        seen = replace(request, told_at=now(), outcome=outcome, text="".join(names), status=answer.status)
        self._history.requests.append(seen)
        name = self._new_text("name")
        await self._insist(self._request("rename", text=name), "/account/profile", {"name": name, "zone": "UTC"})

    async def _look(self) -> Page | None:
        """Reload the page of the attempt; nothing when the attempt is over."""
        sent_at = now()
        answer = await self._get(self._path)
        return self._read(answer.text, sent_at) if answer.status == HTTPStatus.OK else None

    async def _shown(self, reply: Reply) -> Page | None:
        """The page that came back; where none did, as after the end or when it was refused, what a reload shows."""
        return self._read(reply.page, reply.request.sent_at) if reply.page else await self._look()

    def _answering(self, page: Page, text: str, then: int | None, key: str) -> tuple[Request, str, Mapping[str, str]]:
        """The request that answers a place, where it goes, and its form."""
        form = {"seq": str(page.seq), "position": str(page.position), "item": page.item_version, "answer": text}
        if then is not None:
            form["then"] = str(then)
        if key:
            form["key"] = key
        request = self._request(
            "answer", attempt_id=self.attempt_id, seq=page.seq, position=page.position, text=text, key=key
        )
        return request, f"{self._path}/responses", form

    def _read(self, text: str, sent_at: datetime) -> Page:
        """A page of the attempt, noted as seen."""
        found = {form.action.rpartition("/")[2]: form.values for form in forms(text)}
        values = found.get("responses") or found["finish"]
        (ends_at,) = ENDS_AT.findall(text)
        page = Page(
            seq=int(values["seq"][0]),
            position=int(values.get("position", [str(REVIEW)])[0]),
            item_version=values.get("item", [""])[0],
            text=values.get("answer", [""])[0],
            ends_at=datetime.fromisoformat(ends_at),
        )
        look = Look(self.attempt_id, sent_at, page.seq, page.position, page.text, page.ends_at)
        self._history.looks.append(look)
        return page

    def _new_text(self, word: str) -> str:
        """A text that nobody else sends, and nobody twice."""
        self._count += 1
        return f"{word}-{self.learner_id}-{self._count}"

    @property
    def _path(self) -> str:
        return f"/attempts/{self.attempt_id}"
