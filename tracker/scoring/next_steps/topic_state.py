"""What is known about one topic of the roadmap, in the words of the rules."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracker.assessment.parameters import ParameterSet
from tracker.assessment.response import MarkedAttempt, Response
from tracker.assessment.roadmap import Topic
from tracker.assessment.score import Score
from tracker.scoring.ability import Z, normal
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.irt import probability
from tracker.scoring.levels import ENOUGH_RESPONSES, PROFICIENT_CUT
from tracker.scoring.next_steps.quiz import MASTERED, WEAK, chance_of_settling
from tracker.scoring.next_steps.step import AnswerRecord
from tracker.scoring.profile import AreaProfile, TopicProfile

SURE = 0.95
UNLIKELY = 0.50
HARDLY = 0.25
FADING = 0.05


class Answer(NamedTuple):
    """An answer, and the chance that somebody exactly at the cut gets it right."""

    attempt: MarkedAttempt
    response: Response
    chance: float


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic, its posterior, and the answers that stand behind it."""

    topic: Topic
    profile: TopicProfile
    score: Score
    mastery: float
    settling: float
    is_area_known: bool
    answers: Sequence[Answer]

    @property
    def expected_right(self) -> float:
        """How many of the answers somebody exactly at the cut gets right on average."""
        return sum(answer.chance for answer in self.answers)

    @property
    def records(self) -> tuple[AnswerRecord, ...]:
        """The answers, as a step cites them."""
        return tuple(
            AnswerRecord(one.attempt.attempt_id, one.response.item_id, one.response.is_right, one.attempt.finished_at)
            for one in self.answers
        )

    @property
    def is_answered(self) -> bool:
        """Whether it ever was."""
        return self.profile.responses > 0

    @property
    def is_mastered(self) -> bool:
        """Whether it most likely is at least Proficient."""
        return self.mastery >= MASTERED

    @property
    def is_sure(self) -> bool:
        """Whether nothing more needs to be shown."""
        return self.is_answered and self.mastery >= SURE

    @property
    def is_weak(self) -> bool:
        """Whether it most likely is not Proficient, and its own answers do not say otherwise."""
        if not self.is_area_known:
            return False
        if not self.is_answered:
            return self.mastery <= WEAK
        shortfall = self.expected_right - self.profile.right - 0.5
        sd = math.sqrt(sum(answer.chance * (1 - answer.chance) for answer in self.answers))
        return shortfall >= (0 if self.mastery <= WEAK else Z * sd) and self.mastery < UNLIKELY

    @property
    def is_at_the_cut(self) -> bool:
        """Whether it is so close to the cut that asking more would hardly settle on which side it is."""
        is_open = not self.is_weak and not self.is_mastered
        return is_open and self.profile.responses >= ENOUGH_RESPONSES and self.settling < HARDLY

    @property
    def mastery_when_answered(self) -> float | None:
        """The chance of being at least Proficient as it was right after the last answer."""
        then = self.profile.when_answered
        return then.chance_of(PROFICIENT_CUT) if then else None

    @property
    def is_faded(self) -> bool:
        """Whether it was shown to be mastered, clearly no longer is, and would still be had no time passed since."""
        then = self.profile.when_answered
        if then is None or self.profile.responses < ENOUGH_RESPONSES:
            return False
        was = then.chance_of(PROFICIENT_CUT)
        without_time = normal(self.profile.ability.theta, then.standard_error).chance_of(PROFICIENT_CUT)
        return min(was, without_time) >= MASTERED > self.mastery and was - self.mastery >= FADING


def topic_state(topic: Topic, area: AreaProfile, answers: Sequence[Answer]) -> TopicState:
    """What a profile and these answers, all of this topic, say about it."""
    profile = area.topic(topic.id)
    return TopicState(
        topic=topic,
        profile=profile,
        score=area.topic_score(topic.id),
        mastery=profile.ability.chance_of(PROFICIENT_CUT),
        settling=chance_of_settling(profile.ability),
        is_area_known=area.is_enough,
        answers=answers,
    )


def answers_by_topic(attempts: Iterable[MarkedAttempt], parameters: ParameterSet) -> Mapping[str, Sequence[Answer]]:
    """All answers that count, as they came; a topic without any has an empty list."""
    given = [(attempt, response) for attempt in attempts for response in attempt.scored]
    chances = probability(PROFICIENT_CUT, *item_parameters([response for _, response in given], parameters))
    answers = defaultdict(list)
    for (attempt, response), chance in zip(given, chances.tolist(), strict=True):
        answers[response.topic_id].append(Answer(attempt, response, chance))
    return answers
