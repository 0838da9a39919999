"""Links that leave a page: in mails, or handed out. They rest on the settings, never on what a request claims."""

from urllib.parse import quote

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


def to_confirm_sign_up(token: str, *, then: str) -> str:
    """Where a new account begins for whoever asked for it, and the page of the site that comes next, if any."""
    return f"{get_address()}/sign-up/confirm/{token}{_next(then)}"


def to_sign_in(*, then: str = "") -> str:
    """Where somebody signs in, and the page of the site that comes next, if any."""
    return f"{get_address()}/sign-in{_next(then)}"


def to_come_back() -> str:
    """Where the provider sends those back to who sign in with it."""
    return f"{get_address()}/sign-in/oidc/callback"


def to_forgotten_password() -> str:
    """Where somebody asks for a new password."""
    return f"{get_address()}/password/forgotten"


def to_sign_up() -> str:
    """Where somebody makes an account."""
    return f"{get_address()}/sign-up"


def to_new_password(token: str) -> str:
    """Where somebody who asked for it sets a new password."""
    return f"{get_address()}/password/new/{token}"


def to_verify_address(token: str) -> str:
    """Where somebody shows that an address is theirs."""
    return f"{get_address()}/account/address/{token}"


def to_identities() -> str:
    """Where somebody sees which accounts elsewhere sign them in."""
    return f"{get_address()}/account/identities"


def _next(page: str) -> str:
    return f"?next={quote(page, safe='/')}" if page else ""
