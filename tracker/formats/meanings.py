"""What an export's columns and words mean, for whoever opens it later."""

from tracker.formats.columns import NOT_ASKED, NOT_ENOUGH, SKILL_COLUMNS, Column
from tracker.formats.results import Results
from tracker.scoring.levels import ENOUGH_RESPONSES, LEVELS

PERSON_COLUMNS = (
    Column("Name", "As the member gave it."),
    Column("Address", "The e-mail address that the member signs in with."),
    Column(
        "Leads see",
        "What the member let the cohort's leads see. levels: the level of each area and topic in words, so the columns"
        " of numbers are empty. scores: numbers too. answers: what was answered, too, which no export holds.",
    ),
    Column("Last answer (UTC)", "When the member last answered in an assessment."),
)


def list_meanings(results: Results) -> list[Column]:
    """What is said of these results: when they were made, what each column means, and each level's lowest score."""
    return [
        Column("Cohort", results.cohort),
        Column("Made at (UTC)", f"{results.made_at:%Y-%m-%d %H:%M}. Nothing in it changes later."),
        Column("Order", "Who needs help first comes first."),
        *PERSON_COLUMNS,
        *SKILL_COLUMNS,
        Column(
            "Quartiles",
            "Of the members with a level; told of five members or more, as scores only where all show them.",
        ),
        Column(
            "State", "late: nothing was finished by the deadline. Of what was withdrawn or is long over none is told."
        ),
        Column("Share in %", "Of the members who met a misconception, how many chose it when they met it last."),
        Column(
            "Month until", "The mean of the members measured in an area, as was known then, with its 90 % interval."
        ),
        Column(
            "Change", "Since the point before, in those measured both times; told where it is larger than its error."
        ),
        Column("90 % interval", "It holds the real score with a chance of 90 %. It is wide after few answers."),
        *(Column(level.name, f"A score of {level.lowest} or more.") for level in LEVELS),
        Column(NOT_ENOUGH, f"The member has given fewer than {ENOUGH_RESPONSES} answers in the area."),
        Column(NOT_ASKED, "The member was not asked in this topic."),
    ]
