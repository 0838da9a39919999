"""Links that come with mails, as they are stored; the secrets in them are the same in every test."""

from datetime import datetime, timedelta

from tracker.services.tickets import hash_of
from tracker.storage import sql
from tracker.storage.identity_tables import PendingSignUp, Purpose, Ticket
from tracker.storage.tables import Mail


def add_links(*, ada: int, ben: int, now: datetime) -> dict[str, str]:
    """A sign-up that waits, Ben's way to a new password, Ada's to show her address, and a mail to an account.

    Gives the secrets and the mail's id by the names they have in the pages' addresses.
    """
    until = now + timedelta(hours=1)
    secrets = {"sign_up_token": "s" * 43, "reset_token": "r" * 43, "address_token": "a" * 43}
    hashed = {name: hash_of(secret) for name, secret in secrets.items()}
    pending = PendingSignUp(
        token_hash=hashed["sign_up_token"],
        email="zoe@example.org",
        made_at=now,
        expires_at=until,
    )
    reset, verify = (
        Ticket(token_hash=hashed[name], purpose=purpose, user_id=user_id, made_at=now, expires_at=until)
        for name, purpose, user_id in (("reset_token", Purpose.RESET, ben), ("address_token", Purpose.VERIFY, ada))
    )
    mail = Mail(key="account/1", address="ben@example.org", subject="A link", text="It.", made_at=now, due_at=now)
    with sql.writing() as session:
        session.add_all([pending, reset, verify, mail])
    return {**secrets, "mail_id": str(mail.id)}
