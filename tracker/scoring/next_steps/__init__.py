"""What to do next: fixed rules over a profile and the roadmap.

M is the chance that a topic is at least Proficient: mastered from .80, sure from .95, weak up to .20. A topic that was
answered is called weak only if its own answers also fall short, by half an answer, of what somebody exactly at the cut
gets right; from M = .20 to .50 it is weak if that person would do so badly in fewer than one case in twenty (normal
approximation with continuity correction). Nothing is weak while its area has not enough evidence for a level.

| rule | when | what |
|---|---|---|
| start-1 | nothing was ever answered | take the placement |
| learn-1 | answered and weak, and no prerequisite is weak | read its first resource |
| prerequisite-1 | weak, no prerequisite is weak, a topic to learn or practise builds on it | read its first resource |
| review-1 | five answers, mastered at the last, by time alone no longer, M down by .05 | read its first resource |
| practise-1 | five answers, neither weak nor mastered, a quiz settles it in less than one case in four | read further |
| measure-1 | never answered, or neither weak nor mastered | take its quiz |
| confirm-1 | mastered but not yet sure | take its quiz |
| pause-1 | no other rule fits any topic | come back when the first topic will be unsure |

The first rule that fits a topic decides. At most three steps, two of them in one area, in three groups:

1. study (learn, prerequisite, review, practise) by `w R E[gain]`: w is the number of topics that stand on this one,
   itself included; R the least M among its prerequisites; gain what is missing to the cut, at most 0.3 logits;
2. measure and then
3. confirm, each by how much a quiz can be expected to lower the risk of calling the topic wrongly (`quiz`).

Ties go to what the roadmap names first. Reading time is shown but plays no part: dividing by it says that every
resource teaches as much, however long it is, and so sends people to whatever is short.

Sources: .80 and .95: Corbett & Anderson (1995), User Modeling and User-Adapted Interaction 4, 253-278 (.95 as mastery).
Readiness by the weakest prerequisite: after the outer fringe of Doignon & Falmagne (1985), International Journal of
Man-Machine Studies 23, 175-196.
"""

from tracker.scoring.next_steps.choice import next_steps
from tracker.scoring.next_steps.step import AnswerRecord, Evidence, NextStep, Prerequisite

__all__ = ["AnswerRecord", "Evidence", "NextStep", "Prerequisite", "next_steps"]
