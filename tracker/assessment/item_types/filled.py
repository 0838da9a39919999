"""One prompt or gap as it is explained once the attempt is over."""

from dataclasses import dataclass

from tracker.assessment.item_types.answer import Miss, Option


@dataclass(frozen=True, slots=True)
class Filled:
    """What was given for a prompt or gap, and what is right. `label`, `note` are safe HTML; `given`, `keys` plain text.

    `note` says why the key is right, `mistake` why what was given is not, as far as its author foresaw it; `others` are
    the wrong options of this one alone that were not given.
    """

    label: str
    given: str
    is_right: bool
    keys: tuple[str, ...]
    note: str
    mistake: Option | Miss | None
    others: tuple[Option, ...] = ()
