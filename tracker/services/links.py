"""Links that leave a page: in mails, or handed out. They rest on the settings, never on what a request claims."""

from tracker.storage.address import get_address


def to_invitation(token: str) -> str:
    """Where somebody who was invited joins a cohort."""
    return f"{get_address()}/invitations/{token}"


def to_cohort(public_id: str) -> str:
    """A cohort, as whoever follows the link may see it."""
    return f"{get_address()}/cohorts/{public_id}"


def to_assignment(public_id: str) -> str:
    """What is to be taken, and until when."""
    return f"{get_address()}/assignments/{public_id}"
