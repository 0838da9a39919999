"""Passwords: hashed with argon2id, at most two at a time in a process so that sign-ins cannot exhaust memory."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.errors import BadInput

SHORTEST, LONGEST = 12, 256
FEWEST_DIFFERENT = 5
SAFE_SCORE = 3
"""On zxcvbn's scale: more than 100 million guesses, among common passwords, words and names, dates, rows of keys."""

LONGEST_JUDGED = 32
"""Judging takes longer with the square of the length: 0.4 s at worst for so many characters."""

_MEMORY_KIB = 46 * 1024
_HASHER = PasswordHasher(time_cost=2, memory_cost=_MEMORY_KIB, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)

# argon2id of random bytes nobody kept: what is checked when the name is unknown, so that it takes as long
_NOBODY = "$argon2id$v=19$m=47104,t=2,p=1$+g9csChuBa9zqvAj7M37YQ$OspEMxu3mzxvNTSE+ZrylLmXJ5Xzom/VIrTHc+7mlKs"


def hash_of(password: str) -> str:
    """The argon2id hash to store."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; without a hash the same work is done in vain."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(password_hash or _NOBODY, password) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def check_strength(password: str, *, email: str, name: str) -> None:
    """Refuse a password that is easy to guess. Raises: BadInput."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput({"password": [f"Use {SHORTEST} to {LONGEST} characters."]})
    plain = password.casefold()
    if len(set(plain)) < FEWEST_DIFFERENT:
        raise BadInput({"password": ["Use more than a few different characters."]})
    alike = [part for part in (email.casefold(), email.casefold().partition("@")[0], name.casefold()) if len(part) > 3]
    if any(part in plain for part in alike):
        raise BadInput({"password": ["Use a password that does not contain your name or address."]})
    if _is_guessable(password):
        raise BadInput({"password": ["Many people use one like this. Use a few words that do not belong together."]})


def _is_guessable(password: str) -> bool:
    """Whether a password is among the common ones, or made from such, words, names, dates or rows of keys."""
    from zxcvbn import zxcvbn  # its lists take 13 MB, which few processes need

    return bool(zxcvbn(password[:LONGEST_JUDGED])["score"] < SAFE_SCORE)
