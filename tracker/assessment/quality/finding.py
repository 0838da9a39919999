"""What is not good enough about the bank."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing, by file or topic and field. An error has to be mended; a warning has to be looked at."""

    where: str
    field: str
    reason: str
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.field}: {self.reason}"
