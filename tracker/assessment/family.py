"""A family: one item with many surfaces, each learner meeting any of them at most once."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.assessment.item import Item


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """One item's file that gives many variants. `version` is its content's hash, `difficulty` holds for all variants.

    A surface names the values that make a variant; it stays the same when other parts of the file change.
    """

    id: str
    version: str
    difficulty: int
    is_retired: bool
    surfaces: tuple[str, ...]
    read_variant: Callable[[str], Item]

    def variant(self, surface: str) -> Item:
        """The variant with this surface. Raises: KeyError when there is none, BankError when it has faults."""
        if surface not in self.surfaces:
            raise KeyError(surface)
        return self.read_variant(surface)

    @property
    def topic_id(self) -> str:
        return self.id.rpartition("/")[0]

    @property
    def sample(self) -> Item:
        """Its first variant, which stands for all of them where one will do."""
        return self.variant(self.surfaces[0])

    @property
    def guessing(self) -> float:
        """The chance of guessing it: all variants are of one type, with as many options."""
        return self.sample.guessing


def variant_version(family_version: str, surface: str) -> str:
    """The version of one variant: its family's, and its surface."""
    return f"{family_version}-{surface}"


def split_version(version: str) -> tuple[str, str]:
    """The file's version and the surface in an item's version; the surface is empty for an item without family."""
    file_version, _, surface = version.partition("-")
    return file_version, surface
