"""What becomes of somebody who follows an invitation to a cohort."""

from enum import StrEnum


class Joining(StrEnum):
    """Open: they are in at once. Approved: they wait until a lead lets them in."""

    OPEN = "open"
    APPROVED = "approved"
