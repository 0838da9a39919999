"""What can go wrong for a person, each with a sentence fit to show them.

TrackerError
├── NotFound          no such thing, or not theirs (the two are never told apart)
├── BadInput          malformed; names the field
├── SignInRefused     name and password do not belong together
├── SignInNeeded      the session is over
├── NotVouched        whoever signs in elsewhere cannot be let in by that; says why
├── TooManyMisses     too many wrong tries to get in; says how long to wait
├── TokenNeeded       the API was asked without a token that works
├── ScopeMissing      a token does not let its holder do this
├── TooFast           too often; says when to try again
├── AttemptError
│   ├── AttemptClosed     the attempt is over
│   ├── AttemptOpen       the attempt is not over, so it has no result
│   ├── StaleAnswer       the attempt has moved on since the page was shown
│   ├── AttemptFull       the attempt has seen too many changes; it can still be finished
│   └── KeyReused         the key of a request came again with another answer
├── NotOpenYet        it can be started later; says when
├── Conflict          the change no longer fits (a used address, an expired invitation)
├── StoreUnavailable  a store is down or full: trying again is safe
├── PdfUnavailable    no PDF can be made now, or not on this installation
├── BankError         the question bank does not load; lists every reason
└── ConfigError       settings are missing or unknown; lists every one
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta


class TrackerError(Exception):
    """The root: its text can be shown to the person who met it."""


class NotFound(TrackerError):
    """The thing does not exist, or is somebody else's."""

    def __init__(self, message: str = "There is nothing at this address, or it is not yours to see.") -> None:
        super().__init__(message)


class BadInput(TrackerError):
    """What was sent is malformed. `fields` says what is wrong with which field."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self.fields = {name: tuple(messages) for name, messages in fields.items()}
        named = (f"{name}: {message}" for name, messages in self.fields.items() for message in messages)
        super().__init__(" ".join(named))


class SignInRefused(TrackerError):
    """The address and the password do not belong together; never says which."""

    def __init__(self) -> None:
        super().__init__("This address and password do not belong together.")


class SignInNeeded(TrackerError):
    """Nobody is signed in, or no longer."""

    def __init__(self) -> None:
        super().__init__("Please sign in again. What was saved before is safe.")


class NotVouched(TrackerError):
    """Nobody vouches for who signs in elsewhere, or not for what is needed here; the message says what to do."""


class TokenNeeded(TrackerError):
    """The API was asked without a token, or with one that is wrong, over or revoked; never says which."""

    def __init__(self) -> None:
        super().__init__("Send a token that works, as `Authorization: Bearer skm_...`. Your account page makes one.")


class ScopeMissing(TrackerError):
    """The token works, but lacks `scope`, which this needs."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(f"This token may not do that: it lacks the scope {scope}. Make one that has it.")


class TooFast(TrackerError):
    """There were too many requests; after `seconds` it works again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"That was too often. Please wait {seconds} seconds and send it again; nothing is lost.")


class TooManyMisses(TrackerError):
    """There were too many wrong tries to get into an account; for `seconds` no further one is looked at."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = math.ceil(wait.total_seconds())
        length = "a second" if self.seconds == 1 else f"{self.seconds} seconds"
        super().__init__(f"There were too many wrong tries. Please wait {length}, then try again. Nothing was changed.")


class AttemptError(TrackerError):
    """An answer could not be taken. Nothing that was saved before is touched."""


class AttemptClosed(AttemptError):
    """The attempt is over. `closed_at` is when, by the server's clock; `is_kept`: what was sent is kept as late."""

    def __init__(self, closed_at: datetime, *, is_kept: bool = False) -> None:
        self.closed_at = closed_at
        self.is_kept = is_kept
        super().__init__(
            "This attempt is closed. What you sent reached us after the attempt was over, so it does not count."
            " It is kept as late: your result shows it."
            if is_kept
            else "This attempt is closed. Every answer saved before it closed counts."
        )


class AttemptOpen(AttemptError):
    """The attempt is not over yet, so it has no result."""

    def __init__(self) -> None:
        super().__init__("This attempt is still open. Finish it, then ask for its result.")


class StaleAnswer(AttemptError):
    """Another page has moved the attempt on. `seq` is its newest sequence number."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        super().__init__("This attempt has moved on, perhaps in another tab. Nothing was overwritten.")


class AttemptFull(AttemptError):
    """The attempt has seen as many changes as one takes, and can only be finished."""

    def __init__(self) -> None:
        super().__init__(
            "This quiz has seen too many changes, so it takes no more. What was saved before counts. Go to all"
            " questions and finish it to get your result."
        )


class KeyReused(AttemptError):
    """The key of a request that was taken came again, with something else to save."""

    def __init__(self) -> None:
        super().__init__("This was sent before with another answer. Nothing was changed; please reload the page.")


class NotOpenYet(TrackerError):
    """Something cannot be started before `opens_at`."""

    def __init__(self, message: str, opens_at: datetime) -> None:
        self.opens_at = opens_at
        super().__init__(message)


class Conflict(TrackerError):
    """The change no longer fits what is stored; the message says why and what to do."""


class StoreUnavailable(TrackerError):
    """A store did not answer in time: whether it saved anything is not known, trying again is safe."""

    def __init__(self) -> None:
        super().__init__(
            "Our storage is not answering, so this may not be saved. Sending it again in a moment is safe."
        )


class PdfUnavailable(TrackerError):
    """No PDF can be made now, or not on this installation; the message says what to do instead."""


class BankError(TrackerError):
    """The question bank has faults. `faults` holds one line for each: file, field, reason."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("The question bank has faults:\n" + "\n".join(self.faults))


class ConfigError(TrackerError):
    """Settings are missing, unknown or malformed. `faults` holds one line for each."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("The settings have faults:\n" + "\n".join(self.faults))
