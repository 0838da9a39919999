"""One learner of a storm: takes attempts, sends some things twice and some too late, and notes what it is told."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from random import Random

from benchmarks.connection import Answer, Connection, Trouble
from tests.chaos.build import BRIEF, ITEMS
from tests.chaos.history import History, Kind, Look, Outcome, Request
from tests.chaos.stores import Account
from tests.web.forms import forms
from tracker.assessment.attempt import REVIEW

STALE, LOOKING, RENAMING, RETHINKING = 0.05, 0.05, 0.05, 0.25
TWICE = {"start": 0.5, "answer": 0.1, "finish": 0.5, "rename": 0.1}
PATIENCE_SECONDS = 0.2
SKEWS = (timedelta(0), timedelta(minutes=-10), timedelta(minutes=10))
"""How wrong the clock of a learner's machine may be."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an open attempt: the newest number it knows, its place, the item there and the answer in its form."""

    seq: int
    position: int
    item_version: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one sending: which attempt it was about, and the page that came back."""

    outcome: Outcome
    attempt_id: str
    page: Page | None


class WrongClock(Connection):
    """A browser's connection that says what time it is there."""

    def __init__(self, port: int, skew: timedelta) -> None:
        super().__init__("127.0.0.1", port)
        self._skew = skew

    async def _send(self, line: str, cookie: str, more: str, form: str) -> Answer:
        date = format_datetime(datetime.now(UTC) + self._skew, usegmt=True)
        return await super()._send(line, cookie, f"Date: {date}\r\n{more}", form)


class Learner:
    """Takes one assessment after the other, step by step. The brief ones are left to run out of time."""

    def __init__(self, account: Account, port: int, assessment: str, history: History, chance: Random) -> None:
        skew = SKEWS[account.learner_id % len(SKEWS)]
        self._connections = (WrongClock(port, skew), WrongClock(port, skew))
        self._account = account
        self._assessment = assessment
        self._history = history
        self._chance = chance
        self._attempt_id = ""
        self._page: Page | None = None
        self._count = 0

    async def step(self) -> None:
        """Do what comes next: start, answer or finish, and between them something odd."""
        if self._page is None:
            await self._start()
        elif self._page.position == REVIEW:
            await self._finish(self._page)
        else:
            await self._do_something_odd(self._page)
            if self._page:
                await self._answer(self._page)

    def close(self) -> None:
        """Hang up."""
        for connection in self._connections:
            connection.close()

    async def _start(self) -> None:
        request = self._request("start", assessment=self._assessment)
        started = await self._insist(request, f"/assessments/{self._assessment}/attempts", {})
        self._attempt_id = started.attempt_id
        self._page = await self._look()

    async def _answer(self, page: Page) -> None:
        """Answer the place shown, and go to another; in a brief attempt never to its end."""
        then = page.position + 1 if page.position + 1 < ITEMS else REVIEW
        if self._chance.random() < RETHINKING or (then == REVIEW and self._assessment == BRIEF):
            then = self._chance.randrange(ITEMS)
        reply = await self._insist(*self._answering(page, self._new_text("answer"), then))
        self._page = reply.page or await self._look()

    async def _finish(self, page: Page) -> None:
        request = self._request("finish", attempt_id=self._attempt_id, seq=page.seq)
        reply = await self._insist(request, f"{self._path}/finish", {"seq": str(page.seq)})
        self._page = None if reply.outcome == "acknowledged" else await self._look()

    async def _do_something_odd(self, page: Page) -> None:
        if self._chance.random() < RENAMING:
            await self._rename()
        if self._chance.random() < STALE and page.seq > 1:
            await self._answer_from_an_old_page(page)
        if self._chance.random() < LOOKING:
            self._page = await self._look()

    async def _answer_from_an_old_page(self, page: Page) -> None:
        self._history.deliberate["stale"] += 1
        old = replace(page, seq=page.seq - self._chance.randint(1, min(3, page.seq - 1)))
        await self._ask(*self._answering(old, self._new_text("stale"), page.position), self._connections[0])

    async def _rename(self) -> None:
        """See one's name, and take another."""
        request = self._request("name seen")
        answer = await self._get("/account")
        names = [form.values["name"][0] for form in forms(answer.text) if form.action == "/account/profile"]
        outcome: Outcome = "acknowledged" if names else "wrong"
        seen = replace(request, told_at=_now(), outcome=outcome, text="".join(names), status=answer.status)
        self._history.requests.append(seen)
        name = self._new_text("name")
        await self._insist(self._request("rename", text=name), "/account/profile", {"name": name, "zone": "UTC"})

    async def _look(self) -> Page | None:
        """Reload the page of the attempt; nothing when the attempt is over."""
        sent_at = _now()
        answer = await self._get(self._path)
        return self._read(answer.text, sent_at) if answer.status == HTTPStatus.OK else None

    def _answering(self, page: Page, text: str, then: int) -> tuple[Request, str, Mapping[str, str]]:
        """The request that answers a place, where it goes, and its form."""
        form = {
            "seq": str(page.seq),
            "position": str(page.position),
            "item": page.item_version,
            "answer": text,
            "then": str(then),
        }
        request = self._request("answer", attempt_id=self._attempt_id, seq=page.seq, position=page.position, text=text)
        return request, f"{self._path}/responses", form

    async def _insist(self, request: Request, path: str, form: Mapping[str, str]) -> Reply:
        """Send it until a reply says what became of it; sometimes twice at once."""
        while True:
            count = 1 + (self._chance.random() < TWICE[request.kind])
            self._history.deliberate["twice"] += count - 1
            asking = [self._ask(request, path, form, connection) for connection in self._connections[:count]]
            replies = await asyncio.gather(*asking)
            definite = [reply for reply in replies if reply.outcome != "unknown"]
            if definite:
                return definite[-1]
            await asyncio.sleep(PATIENCE_SECONDS)

    async def _ask(self, request: Request, path: str, form: Mapping[str, str], connection: Connection) -> Reply:
        """Send it once, and note what came of it and the page that came back."""
        sent_at = _now()
        sent = {"csrf_token": self._account.token, **form}
        answer, told_at = None, None
        with suppress(Trouble):
            is_htmx = request.kind == "answer"
            answer = await connection.post(path, sent, cookie=self._account.cookie, is_htmx=is_htmx)
            told_at = _now()
        outcome = _outcome(request.kind, answer)
        request = replace(
            request, sent_at=sent_at, told_at=told_at, outcome=outcome, status=answer.status if answer else 0
        )
        if answer and request.kind == "start":
            request = replace(request, attempt_id=answer.location.rpartition("/")[2])
        self._history.requests.append(request)
        is_page = answer and request.kind == "answer" and request.is_acknowledged and answer.text
        page = self._read(answer.text, sent_at) if answer and is_page else None
        return Reply(outcome, request.attempt_id, page)

    async def _get(self, path: str) -> Answer:
        """A page, asked for until it comes."""
        while True:
            with suppress(Trouble):
                answer = await self._connections[0].get(path, cookie=self._account.cookie)
                if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                    return answer
            await asyncio.sleep(PATIENCE_SECONDS)

    def _read(self, text: str, sent_at: datetime) -> Page:
        """A page of the attempt, noted as seen."""
        found = {form.action.rpartition("/")[2]: form.values for form in forms(text)}
        values = found.get("responses") or found["finish"]
        page = Page(
            seq=int(values["seq"][0]),
            position=int(values.get("position", [str(REVIEW)])[0]),
            item_version=values.get("item", [""])[0],
            text=values.get("answer", [""])[0],
        )
        self._history.looks.append(Look(self._attempt_id, sent_at, page.seq, page.position, page.text))
        return page

    def _request(self, kind: Kind, **more: str | int) -> Request:
        return Request(kind, self._account.learner_id, _now(), None, "unknown", **more)  # type: ignore[arg-type]

    def _new_text(self, word: str) -> str:
        """A text that nobody else sends, and nobody twice."""
        self._count += 1
        return f"{word}-{self._account.learner_id}-{self._count}"

    @property
    def _path(self) -> str:
        return f"/attempts/{self._attempt_id}"


def _outcome(kind: Kind, answer: Answer | None) -> Outcome:
    """What a reply says of what was sent."""
    if answer is None or answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return "unknown"
    if answer.status == HTTPStatus.CONFLICT:
        return "closed" if "is closed" in answer.text else "stale"
    return "acknowledged" if answer.status == (200 if kind == "answer" else 302) else "wrong"


def _now() -> datetime:
    return datetime.now(UTC)
