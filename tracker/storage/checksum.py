"""Checksums of many things that come in no particular order, as rows and documents do."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

MODULUS = 2**256


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows or documents there are, and a checksum of what is in them, in whatever order they come."""

    rows: int = 0
    checksum: int = 0

    def plus(self, contents: Iterable[bytes]) -> "Sum":
        """This with more of them."""
        rows, checksum = self.rows, self.checksum
        for content in contents:
            rows += 1
            checksum = (checksum + int.from_bytes(hashlib.sha256(content).digest())) % MODULUS
        return Sum(rows, checksum)

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.rows + other.rows, (self.checksum + other.checksum) % MODULUS)
