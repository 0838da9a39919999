"""Notes by the leads of a cohort about its members: read by its leads, and given to the person who asks for them."""

from datetime import datetime

from tracker.storage import cohorts, notes

LONGEST = 2000
"""The most characters of a note."""


def add_note(public_id: str, *, member_id: int, lead_id: int, text: str, now: datetime) -> None:
    """Note something about a member. Raises: NotFound, also to all but the cohort's leads."""
    membership = cohorts.get_led_member(public_id, member_id=member_id, lead_id=lead_id)
    notes.add(cohort_id=membership.cohort_id, user_id=member_id, author_id=lead_id, text=text, now=now)


def remove_note(public_id: str, note_id: str, *, member_id: int, lead_id: int) -> None:
    """Delete one's own note about a member. Raises: NotFound, also for another lead's note."""
    membership = cohorts.get_led_member(public_id, member_id=member_id, lead_id=lead_id)
    notes.remove(note_id, cohort_id=membership.cohort_id, user_id=member_id, author_id=lead_id)


def write_out(user_id: int, *, now: datetime) -> str:
    """All that leads of any cohort noted about somebody, as plain text for them."""
    parts = [f"Notes about you by leads of your cohorts, as of {_moment(now)}."]
    for note in notes.list_all_about(user_id):
        author = note.author.name if note.author else "somebody whose account is gone"
        parts.append(f"{note.cohort.name}, {_moment(note.at)}, by {author}:\n{note.text}")
    if len(parts) == 1:
        parts.append("There are none.")
    return "\n\n".join(parts) + "\n"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
