"""One place in the crowd: a learner takes the placement from start to result, then the next learner sits down."""

import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from random import Random

from benchmarks.connection import Answer, Connection, Trouble
from benchmarks.page import Page, read_page, read_token

ASSESSMENT = "/assessments/placement"


@dataclass(slots=True)
class Tally:
    """What the seats met: milliseconds of each step by its kind, and errors by what was wrong."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)


class Seat:
    """Takes attempts, one step at a time; `learners` are the cookies of those who wait for a seat."""

    def __init__(self, connection: Connection, learners: deque[str], random: Random) -> None:
        self._connection = connection
        self._learners = learners
        self._random = random
        self._cookie = learners.popleft()
        self._page: Page | None = None

    async def step(self, tally: Tally) -> None:
        """Do what the page asks for: start, answer or finish; note how long it took, or what went wrong."""
        kind = "start" if self._page is None else "finish" if self._page.is_review else "answer"
        begun = time.perf_counter()
        try:
            await (self._start() if self._page is None else self._go_on(self._page))
        except Trouble as trouble:
            tally.errors[f"{kind}: {trouble}"] += 1
            self._page = None
        else:
            tally.milliseconds[kind].append(1000 * (time.perf_counter() - begun))

    async def _start(self) -> None:
        """Read the rules and start; who has an open attempt goes on with it."""
        rules = _expect(200, await self._connection.get(ASSESSMENT, cookie=self._cookie))
        token = {"csrf_token": read_token(rules.text)}
        started = _expect(302, await self._connection.post(f"{ASSESSMENT}/attempts", token, cookie=self._cookie))
        first = _expect(200, await self._connection.get(started.location, cookie=self._cookie))
        self._page = read_page(first.text)

    async def _go_on(self, page: Page) -> None:
        await (self._finish(page) if page.is_review else self._answer(page))

    async def _answer(self, page: Page) -> None:
        """Submit one answer and get the next item: what this bench is about."""
        form = page.fill(self._random)
        shown = _expect(200, await self._connection.post(page.action, form, cookie=self._cookie, is_htmx=True))
        self._page = read_page(shown.text)
        if self._page.seq != page.seq + 1:
            raise Trouble("an answer that was not counted")

    async def _finish(self, page: Page) -> None:
        """Finish, read the result, and leave the seat to the next learner."""
        finished = _expect(302, await self._connection.post(page.action, page.hidden, cookie=self._cookie))
        _expect(200, await self._connection.get(finished.location, cookie=self._cookie))
        self._learners.append(self._cookie)
        self._cookie = self._learners.popleft()
        self._page = None


def _expect(status: int, answer: Answer) -> Answer:
    if answer.status != status:
        raise Trouble(f"status {answer.status}")
    return answer
