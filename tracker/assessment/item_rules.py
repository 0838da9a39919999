"""What an item can break, in words for its author: what it means, and what to do."""

from dataclasses import dataclass

from tracker.assessment.item_statistics import LEAKED, MISKEYED


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's name as shown, what breaking it means, and what its author may do."""

    name: str
    meaning: str
    advice: str


RULES = {
    MISKEYED: Rule(
        "The key may be wrong",
        "Abler people choose this answer, and they are abler than those who choose the key.",
        "Check the key against the source. If it is right, look for a reading of the stem that makes this one right.",
    ),
    LEAKED: Rule(
        "It may have got out",
        "Since the date shown, people answer it right far more often than their other answers let expect.",
        "Retire it and write another one; if the subject became common knowledge, set its level anew.",
    ),
    "item-rest low": Rule(
        "It does not go with the rest",
        "People who do well otherwise do hardly better here.",
        "Look for a stem that can be misread, a second right answer, or a subject of its own.",
    ),
    "item misfit": Rule(
        "Its curve is wrong",
        "People of some levels do clearly better or worse than its difficulty says.",
        "Look at the plot: a flat curve hints at guessing or a hint in the stem, a dip at a trap for the able.",
    ),
    "facility low": Rule(
        "Hardly anybody is right",
        "Fewer than one in five answer it right.",
        "Check the key; if it is right, see that the topic's learners can be expected to know this.",
    ),
    "facility high": Rule(
        "Nearly everybody is right",
        "More than 95 % answer it right, so an answer tells little.",
        "Make its distractors more tempting, or retire it.",
    ),
    "easier than calibrated": Rule(
        "Easier than its parameters say",
        "People are right more often than their other answers let expect.",
        "The next calibration corrects this. If it comes back, the item may be getting known.",
    ),
    "harder than calibrated": Rule(
        "Harder than its parameters say",
        "People are right less often than their other answers let expect.",
        "The next calibration corrects this. If it comes back, see whether the subject has changed.",
    ),
    "difficulty drifted": Rule(
        "Its difficulty changed",
        "By the answers of the last weeks it is easier or harder than before.",
        "See whether the subject has changed: a new version, a new default.",
    ),
    "distractor unused": Rule(
        "A distractor that nobody believes",
        "Fewer than one in twenty choose it.",
        "Write a more tempting one, from a mistake that people really make.",
    ),
    "rapid guessing": Rule(
        "Guessed without reading",
        "More than one in ten answer it faster than it can be read.",
        "Shorten it, or see whether it comes too late in a long quiz.",
    ),
    "DIF": Rule(
        "Not the same for both groups",
        "Of equally able people, those of one group are right more often.",
        "Later answers easier: it may be getting known. Retakes easier: it is remembered rather than understood.",
    ),
    "non-uniform DIF": Rule(
        "It tells the able apart in one group only",
        "How steeply it rises with ability differs between the groups.",
        "Look at both groups' answers; it may be getting known.",
    ),
}
