"""Somebody who sends: each request until a reply says what became of it, some twice at once, all of it noted."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from random import Random

from benchmarks.connection import Answer, Connection, Trouble
from tests.chaos.history import History, Kind, Outcome, Request
from tests.chaos.stores import Account

TWICE = {
    "start": 0.5,
    "answer": 0.1,
    "flagged": 0.1,
    "unflagged": 0.1,
    "opened": 0.1,
    "finish": 0.5,
    "credit": 0.3,
    "rename": 0.1,
}
FRAGMENTS = {"answer", "flagged", "unflagged"}
"""What is asked for by htmx."""
PATIENCE_SECONDS = 0.2
SKEWS = (timedelta(0), timedelta(minutes=-10), timedelta(minutes=10))
"""How wrong the clock of somebody's machine may be."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one sending: the request as it was noted, and the page that came back, if it is worth reading."""

    request: Request
    page: str

    @property
    def outcome(self) -> Outcome:
        return self.request.outcome


class WrongClock(Connection):
    """A browser's connection that says what time it is there."""

    def __init__(self, port: int, skew: timedelta) -> None:
        super().__init__("127.0.0.1", port)
        self._skew = skew

    async def _send(self, line: str, cookie: str, more: str, form: str) -> Answer:
        date = format_datetime(datetime.now(UTC) + self._skew, usegmt=True)
        return await super()._send(line, cookie, f"Date: {date}\r\n{more}", form)


class Sender:
    """One person's browser, with two connections."""

    def __init__(self, account: Account, port: int, history: History, chance: Random) -> None:
        skew = SKEWS[account.learner_id % len(SKEWS)]
        self._connections = (WrongClock(port, skew), WrongClock(port, skew))
        self._account = account
        self._history = history
        self._chance = chance

    def close(self) -> None:
        """Hang up."""
        for connection in self._connections:
            connection.close()

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
        """Send it once, and note what came of it."""
        sent_at = now()
        sent = {"csrf_token": self._account.token, **form}
        answer = None
        with suppress(Trouble):
            is_htmx = request.kind in FRAGMENTS
            answer = await connection.post(path, sent, cookie=self._account.cookie, is_htmx=is_htmx)
        request = replace(request, sent_at=sent_at, outcome=_outcome(request.kind, answer))
        if answer:
            request = replace(request, told_at=now(), status=answer.status, **_told(request, answer))
        self._history.requests.append(request)
        is_page = answer and request.kind in FRAGMENTS and request.is_acknowledged
        return Reply(request, answer.text if answer and is_page else "")

    async def _get(self, path: str) -> Answer:
        """A page, asked for until it comes."""
        while True:
            with suppress(Trouble):
                answer = await self._connections[0].get(path, cookie=self._account.cookie)
                if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                    return answer
            await asyncio.sleep(PATIENCE_SECONDS)

    def _request(self, kind: Kind, **more: str | int) -> Request:
        return Request(kind, self._account.learner_id, now(), None, "unknown", **more)  # type: ignore[arg-type]


def now() -> datetime:
    """What time it is, for clients and server alike."""
    return datetime.now(UTC)


def _outcome(kind: Kind, answer: Answer | None) -> Outcome:
    """What a reply says of what was sent."""
    if answer is None or answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return "unknown"
    if answer.status == HTTPStatus.CONFLICT:
        return "closed" if "is closed" in answer.text or "is over" in answer.text else "stale"
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return "key reused"
    return "acknowledged" if answer.status == (200 if kind in FRAGMENTS | {"opened"} else 302) else "wrong"


def _told(request: Request, answer: Answer) -> dict[str, str | int]:
    """What only the reply says: which attempt was started, which number an opened page got."""
    if request.kind == "start":
        return {"attempt_id": answer.location.rpartition("/")[2]}
    if request.kind == "opened" and request.is_acknowledged:
        return {"seq": json.loads(answer.text)["seq"] - 1}
    return {}
