"""Requests to the API that nobody would think of, made from its own document, in somebody's name."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count

import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events
from schemathesis.engine.recorder import ScenarioRecorder

from tests.journeys.site import Site
from tracker import clock
from tracker.services import attempts, cohorts
from tracker.web.limits import API_GUESSES

DOCUMENT = "/api/v1/openapi.json"
AN_ID = re.compile(r"\b[0-9a-f]{32}\b|[\w.]+@example\.org")
"""How attempts, cohorts and mail addresses are named."""

SLUGS = ["language", "tools", "placement", "language-adaptive"]
ACCEPTED = ["2xx", "3xx", "400", "403", "404", "409", "422", "429"]
"""What may become of a request that fits the document: its cursor, its answer or its key can still fit nothing."""

WHOLE = 1000
"""From so many on, all is tried: the document's examples, its bounds, random values, and chains of requests."""

A_FEW, MANY = 5, 100
"""So many random values an operation."""


class Person(AuthBase):
    """Whose programs ask: an attempt that is over, one that is open, and a cohort with a member.

    How many requests there were is forgotten before they have used up what they have in a minute, and before those two
    that the fuzzer may send after each of theirs, with no token and a wrong one, are too many for their place.
    """

    def __init__(self, site: Site, name: str) -> None:
        self._site = site
        self.name = name
        self.id, self.address = site.add_person(name)
        member_id, self.member_address = site.add_person(f"Member.of.{name}")
        self.attempt = site.take("language", learner_id=self.id, days_ago=3, wrong_every=3)
        self.open_attempt = site.begin("tools", learner_id=self.id)
        self.cohort = site.add_cohort(f"{name}'s", lead_id=self.id, member_ids=[member_id])
        self._requests = 0
        self._token = site.make_token(learner_id=self.id)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Let a request carry the token."""
        self._requests += 1
        if self._requests % (API_GUESSES // 3) == 0:
            self._site.forget_limits()
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def own_ids(self) -> set[str]:
        """What names anything of theirs: by now they have more attempts."""
        with self._site.app.app_context():
            taken = attempts.list_attempts(self.id, now=clock.now())
            led = cohorts.list_led(self.id)
        return {self.address, self.member_address, *(one.id for one in taken), *(one.public_id for one in led)}


@dataclass
class Findings:
    """What came of requests in one person's name. told: whatever names something in the responses."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    @property
    def cases(self) -> int:
        """How many requests were sent."""
        return self.statuses.total()

    @property
    def server_errors(self) -> int:
        """How many of them the server failed at."""
        return sum(times for status, times in self.statuses.items() if status >= HTTPStatus.INTERNAL_SERVER_ERROR)


def fuzz(site: Site, person: Person, *, others: list[Person], cases: int) -> Findings:
    """Send at least so many requests in a person's name, half of those that name something naming what exists."""
    findings = Findings()
    seeds = count(person.id * 1000)
    while findings.cases < cases:
        for recorder in _run(site, person, others, seed=next(seeds), is_whole=cases - findings.cases > WHOLE):
            _note(recorder, findings)
    return findings


def _run(site: Site, person: Person, others: list[Person], *, seed: int, is_whole: bool) -> Iterator[ScenarioRecorder]:
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "continue-on-failure": True,
            "generation": {
                "database": "none",
                "max-examples": MANY if is_whole else A_FEW,
                "with-security-parameters": False,  # the token is the person's, whatever else is odd
            },
            "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
            "phases": {name: {"enabled": is_whole} for name in ("examples", "coverage", "stateful")},
            **_named([person, *others]),
        }
    )
    schema = schemathesis.openapi.from_url(f"{site.address}{DOCUMENT}", config=config)
    schema.auth.set_from_requests(person)
    for event in engine.from_schema(schema).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if isinstance(event, events.ScenarioFinished):
            yield event.recorder


def _named(people: list[Person]) -> dict[str, object]:
    """What parameters name in half of the cases: something that exists, of these people or of everybody."""
    values = {
        "attempt_id": [attempt for one in people for attempt in (one.attempt, one.open_attempt)],
        "cohort_id": [one.cohort for one in people],
        "slug": SLUGS,
        "area_slug": ["language", "tools"],
        "topic_slug": ["syntax", "git"],
    }
    return {
        "dictionaries": {name: {"values": known} for name, known in values.items()},
        "parameters": {f"path.{name}": {"dictionary": name, "probability": 0.5} for name in values},
    }


def _note(recorder: ScenarioRecorder, findings: Findings) -> None:
    for interaction in recorder.interactions.values():
        response = interaction.response
        assert response is not None, f"No answer to {interaction.request.method} {interaction.request.uri}"
        findings.statuses[response.status_code] += 1
        findings.told |= set(AN_ID.findall(response.text)) | set(AN_ID.findall(str(response.headers)))
    for checked in recorder.checks.values():
        for check in checked:
            if check.failure_info:
                failure = check.failure_info.failure
                fault = f"{failure.operation}: {failure.title}"
                findings.faults.setdefault(fault, f"{failure.message}\n{check.failure_info.code_sample}")
