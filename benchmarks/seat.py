"""One place in the crowd: a learner takes an assessment from start to result, then the next learner sits down."""

import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from random import Random

from benchmarks.connection import Answer, Connection, Trouble
from benchmarks.page import Page, read_page, read_token


@dataclass(slots=True)
class Tally:
    """What the seats met: milliseconds of each step by its kind, and errors by what was wrong."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)


class Seat:
    """Takes attempts, one step at a time; `learners` are the cookies of those who wait for a seat."""

    def __init__(self, connection: Connection, assessment: str, learners: deque[str], random: Random) -> None:
        self._connection = connection
        self._address = f"/assessments/{assessment}"
        self._learners = learners
        self._random = random
        self._cookie = learners.popleft()
        self._page: Page | None = None

    async def step(self, tally: Tally) -> None:
        """Do what the page asks for: start, answer or finish; note how long it took, or what went wrong."""
        page = self._page
        begun = time.perf_counter()
        try:
            await (self._start() if page is None else self._go_on(page))
        except Trouble as trouble:
            tally.errors[f"{'start' if page is None else 'answer or finish'}: {trouble}"] += 1
            self._page = None
        else:
            kind = "start" if page is None else "finish" if self._page is None else "answer"
            tally.milliseconds[kind].append(1000 * (time.perf_counter() - begun))

    async def _start(self) -> None:
        """Read the rules and start; who has an open attempt goes on with it."""
        rules = _expect(200, await self._connection.get(self._address, cookie=self._cookie))
        token = {"csrf_token": read_token(rules.text)}
        started = _expect(302, await self._connection.post(f"{self._address}/attempts", token, cookie=self._cookie))
        first = _expect(200, await self._connection.get(started.location, cookie=self._cookie))
        self._page = read_page(first.text)

    async def _go_on(self, page: Page) -> None:
        if page.is_review:
            finished = _expect(302, await self._connection.post(page.action, page.hidden, cookie=self._cookie))
            await self._leave(finished)
        else:
            await self._answer(page)

    async def _answer(self, page: Page) -> None:
        """Submit one answer and get the next item: what this bench is about. An adaptive attempt's last one ends it."""
        form = page.fill(self._random)
        shown = _expect(200, await self._connection.post(page.action, form, cookie=self._cookie, is_htmx=True))
        if shown.location:
            await self._leave(shown)
            return
        self._page = read_page(shown.text)
        if self._page.seq != page.seq + 1:
            raise Trouble("an answer that was not counted")

    async def _leave(self, finished: Answer) -> None:
        """Read the result, and leave the seat to the next learner."""
        _expect(200, await self._connection.get(finished.location, cookie=self._cookie))
        self._learners.append(self._cookie)
        self._cookie = self._learners.popleft()
        self._page = None


def _expect(status: int, answer: Answer) -> Answer:
    if answer.status != status:
        raise Trouble(f"status {answer.status}")
    return answer
