"""What an item's answers say of the item itself: as computed by one run over them, and what to look at."""

from dataclasses import dataclass
from datetime import datetime

MISKEYED = "miskey alarm"
LEAKED = "leaked"
SURE = {MISKEYED: 1.5, LEAKED: 2.0}
"""What puts an item under review by itself, and how many times as wide its interval must be and still tell."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic with its 95 % interval and the number of responses it rests on."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class ChoiceStatistics:
    """One option or, where answers are typed, one answer that was often given.

    share: of those who met the item, who chose it. theta: their mean ability by their other answers, logits. by_third:
    its share among the least able third of them, the middle and the most able.
    """

    name: str
    is_key: bool
    share: Figure
    theta: Figure | None
    by_third: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class FitGroup:
    """A sixth of those who met the item, by ability: the share right, and the share that its curve expects."""

    observed: Figure
    expected: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How well the item's curve tells the shares right. rmsea: misfit that does not grow with n; p: of the chi-square.

    groups: from the least able to the most.
    """

    rmsea: Figure
    p: float
    groups: tuple[FitGroup, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds spent on it: quartiles of the answered ones; who was faster than `threshold` cannot have read it."""

    lower: float
    median: float
    upper: float
    threshold: float
    rapid: Figure


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two groups of attempts, alike in ability, find the item equally hard.

    delta: on the scale of ETS, below 0 where it is harder for the second group. grade: A negligible, B slight, C large.
    """

    groups: str
    reference: int
    focal: int
    delta: Figure
    grade: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that the item surely breaks: the figure, and the limit that its whole interval lies beyond.

    part: the option, or the groups, that it is about. since: when a leak began.
    """

    rule: str
    figure: Figure
    limit: float
    part: str = ""
    since: datetime | None = None

    @property
    def is_alarm(self) -> bool:
        """Whether the key may so well be wrong, or known, that the item should not count until somebody has looked.

        Simulated, with 400 answers an item: of 1,000 sound items 1 is put under review, of 50 with a wrong key 33, of
        50 that 70 % of the people came to know 50. With 100 answers: none, 9 and 30.
        """
        figure = self.figure
        return self.rule in SURE and figure.value - SURE[self.rule] * (figure.value - figure.low) > self.limit


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """All that one run found out about one file of the bank; None where the answers cannot tell.

    version is the file's; parameters, the revision that it was held against. residual: the mean of the mark less its
    expectation. item_rest: the correlation of its mark with the ability by the other answers; expected_item_rest: the
    same as its parameters expect it. upper_lower: its facility among the most able third less that among the least
    able. drift: of b, since the revision before, logits.
    """

    item_id: str
    version: str
    made_at: datetime
    parameters: int
    responses: int
    facility: Figure
    residual: Figure | None
    item_rest: Figure | None
    expected_item_rest: float | None
    upper_lower: Figure | None
    choices: tuple[ChoiceStatistics, ...]
    fit: Fit | None
    times: Times | None
    drift: Figure | None
    comparisons: tuple[Comparison, ...]
    findings: tuple[Finding, ...]

    @property
    def alarms(self) -> tuple[str, ...]:
        """The rules it breaks so surely that it goes under review by itself."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings if finding.is_alarm))
