"""A form gives what it asks for; whatever else is sent with it is nothing."""

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.web.test_access_matrix import MATRIX, Scene
from tests.web.test_access_matrix import scene as scene  # a fixture
from tracker.storage import attempts as stored_attempts
from tracker.storage import sql
from tracker.storage.cohort_tables import Membership, Role
from tracker.storage.tables import User

EXTRA = {
    "id": "1",
    "user_id": "1",
    "learner_id": "1",
    "lead_id": "1",
    "actor_id": "1",
    "is_admin": "1",
    "is_author": "1",
    "role": "lead",
    "verified_at": "2026-11-02T12:00:00+00:00",
    "disabled_at": "2026-11-02T12:00:00+00:00",
    "password_hash": "x",
    "mark": "1",
    "marks": "1",
    "score": "1000",
    "deadline": "2099-01-01T00:00:00+00:00",
    "now": "2099-01-01T00:00:00+00:00",
    "__class__": "x",
    "_method": "DELETE",
}
GOING = ("/sign-out", "/leave", "/finish", "/end-others", "/account/password")
ENTERING = ("/sign-", "/password/")
"""What would end the rest, or go on as somebody else."""


@pytest.mark.parametrize("actor", ["ben", "omar"])
def test_nobody_becomes_more_by_what_no_form_asks_for(scene: Scene, cast: Cast, actor: str) -> None:
    before = _powers()
    deadline = stored_attempts.get(scene.names["attempt_id"], learner_id=cast.ada).deadline
    for row in MATRIX:
        is_done = row.method == "POST" and row.expected(actor) < 400
        if is_done and not row.rule.endswith(GOING) and not row.rule.startswith(ENTERING):
            answer = scene.browsers[actor].post(row.path(scene.names), {**EXTRA, **scene.data(row)})
            assert answer.status_code == row.expected(actor), row
    assert before - _powers() == set()
    assert {power for power in _powers() - before if power[0] != "leads"} == set()
    assert {user_id for _, user_id, _ in _powers() - before} <= {_id_of(actor)}
    assert stored_attempts.get(scene.names["attempt_id"], learner_id=cast.ada).deadline == deadline


def _powers() -> set[tuple[object, ...]]:
    """What everybody may do, and which cohorts they lead."""
    with sql.db.engine.connect() as connection:
        people = connection.execute(select(User.email, User.is_admin, User.is_author, User.disabled_at))
        leads = connection.execute(select(Membership.user_id, Membership.cohort_id).where(Membership.role == Role.LEAD))
        return {tuple(row) for row in people} | {("leads", *row) for row in leads}


def _id_of(actor: str) -> int:
    with sql.db.engine.connect() as connection:
        return connection.execute(select(User.id).where(User.email == f"{actor}@example.org")).scalar_one()
