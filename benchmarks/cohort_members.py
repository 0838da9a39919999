"""Large cohorts, written straight into the stores: `python -m benchmarks.cohort_members SIZE...`.

Everybody has a made-up profile in every topic, of 20 attempts. Tells as JSON the lead's cookie and the cohorts' ids.
"""

import json
import os
import secrets
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import insert, select

from benchmarks.learners import cookie_of
from tracker import clock
from tracker.app import create_app
from tracker.assessment.roadmap import Area
from tracker.assessment.sees import Sees
from tracker.config import Config
from tracker.scoring.ability import normal
from tracker.scoring.packing import FORMAT, packed
from tracker.scoring.profile import REVISION, AreaProfile, Profile, TopicProfile
from tracker.services import accounts, cohorts, targets
from tracker.storage import documents, sql
from tracker.storage.cohort_tables import Membership, Role
from tracker.storage.question_bank import get_bank
from tracker.storage.standings import StoredStanding, to_document
from tracker.storage.tables import User

ATTEMPTS = 20
RESPONSES = 8  # in each topic
AT_ONCE = 500


def fill_cohort(size: int, *, lead_id: int, now: datetime) -> str:
    """A cohort of so many members, seen with scores, with targets. Gives its public id."""
    cohort = cohorts.create_cohort(f"{size:,} members", lead_id=lead_id, sees=Sees.SCORES, now=now)
    targets.take_template(cohort.public_id, "senior-backend", lead_id=lead_id)
    member_ids = _add_people(size, now)
    with sql.writing() as session:
        place = {"cohort_id": cohort.id, "role": Role.MEMBER, "agreed_to": Sees.SCORES, "joined_at": now}
        session.execute(insert(Membership), [{**place, "user_id": member_id} for member_id in member_ids])
    standings = list(_standings(member_ids, now))
    for start in range(0, size, AT_ONCE):
        documents.collection("standings").insert_many(standings[start : start + AT_ONCE])
    return cohort.public_id


def _add_people(size: int, now: datetime) -> list[int]:
    """People who never sign in. Gives their ids."""
    emails = [f"member{number}@of{size}.example" for number in range(size)]
    person = {"zone": "UTC", "password_hash": "", "is_admin": False, "created_at": now}
    with sql.writing() as session:
        session.execute(insert(User), [{**person, "email": email, "name": email.title()} for email in emails])
    return list(sql.session().scalars(select(User.id).where(User.email.endswith(f"@of{size}.example"))))


def _standings(member_ids: list[int], now: datetime) -> Iterator[documents.Document]:
    for member_id in member_ids:
        random = Random(member_id)
        profile = Profile(areas=tuple(_area(area, random, now) for area in get_bank().roadmap.areas))
        yield to_document(StoredStanding(member_id, ATTEMPTS, REVISION, 0, FORMAT, *packed(profile)))


def _area(area: Area, random: Random, now: datetime) -> AreaProfile:
    theta, answered = random.gauss(0, 1), now - timedelta(days=random.uniform(0, 90))
    topics = tuple(
        TopicProfile(topic.id, normal(theta + random.gauss(0, 0.3), 0.35), 0.05, RESPONSES, 4, answered)
        for topic in area.topics
    )
    return AreaProfile(area.slug, normal(theta, 0.25), answered, RESPONSES * len(topics), 20, answered, topics)


def main() -> None:
    """Fill cohorts of the sizes that the command line says."""
    app = create_app(Config.from_environment(os.environ))
    with app.app_context():
        now = clock.now()
        password = secrets.token_urlsafe(12)
        lead = accounts.sign_up(email="lead@bench.example", name="Lead", zone="UTC", password=password, now=now)
        ids = [fill_cohort(int(size), lead_id=lead.id, now=now) for size in sys.argv[1:]]
        print(json.dumps([cookie_of(app, accounts.open_session(lead.id, now=now)), *ids]))


if __name__ == "__main__":
    main()
