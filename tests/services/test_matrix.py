"""The matrix: who may read it, what it shows of whom, in which order, through which filters."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.services.guild import DEVELOPING, EXPERT, FOUNDATION, PROFICIENT, Guild, know
from tests.services.watching import watched_commands, watched_statements
from tests.web.stored import everything
from tracker.assessment.sees import Sees
from tracker.config import Config
from tracker.errors import NotFound
from tracker.scoring.sight import seen
from tracker.services import cohorts, matrix, profiles
from tracker.services.matrix import NOT_ENOUGH, Matrix, Order, Wanted
from tracker.services.members import Mirror
from tracker.storage import sql

MONTH = timedelta(days=30)


@pytest.fixture
def guild(cast: Cast) -> Guild:
    """Lena's cohort, seen with scores, nobody in it yet."""
    return Guild(cast, members=0, sees=Sees.SCORES)


def read(guild: Guild, wanted: Wanted | None = None, *, days: float = 0) -> Matrix:
    """The matrix as Lena reads it."""
    now = NOON + timedelta(days=days)
    return matrix.make_matrix(cohorts.get_led(guild.id, lead_id=guild.lead_id), wanted or Wanted(), now)


def names(guild: Guild, **wanted: object) -> list[str]:
    """The members on the first page, in order."""
    return [row.user.name for row in read(guild, Wanted(**wanted)).rows]  # type: ignore[arg-type]


def add(guild: Guild, name: str, theta: float | None = None, *, sees: Sees = Sees.SCORES) -> int:
    """Let somebody in who is known to stand here in tools, or of whom nothing is known."""
    member_id = guild.add(name, agreed_to=sees)
    if theta is not None:
        stand(member_id, theta)
    return member_id


def stand(member_id: int, theta: float) -> None:
    """Let somebody be known to stand here in pytest and, as ever, at Developing in tools."""
    know(member_id, {"tools/pytest": theta})


def test_reading_it_changes_nothing(guild: Guild) -> None:
    add(guild, "Ben", PROFICIENT)
    before = everything()

    read(guild)

    assert everything() == before


# what it shows


def test_there_is_a_row_for_each_member_and_none_for_the_lead(guild: Guild, cast: Cast) -> None:
    ben = add(guild, "Ben")

    found = read(guild)

    assert [row.user.id for row in found.rows] == [ben]
    assert [column.skill for column in found.columns] == ["language", "frameworks", "databases", "apis", "tools"]
    assert [len(row.cells) for row in found.rows] == [5]
    assert (found.members, found.found, found.page, found.pages) == (1, 1, 1, 1)


def test_a_cell_shows_score_interval_and_last_answer_only_where_there_is_evidence(guild: Guild) -> None:
    take("databases", learner_id=guild.add("Ben", agreed_to=Sees.SCORES), now=NOON)

    (row,) = read(guild).rows

    databases, others = row.cells[2], [cell for at, cell in enumerate(row.cells) if at != 2]
    assert databases.score.level is not None
    assert databases.score.low is not None
    assert databases.score.low < (databases.score.value or 0) < (databases.score.high or 0)
    assert (databases.last_answered, row.last_answered) == (NOON, NOON)
    assert {(cell.score.level, cell.score.value, cell.last_answered) for cell in others} == {(None, None, None)}


@pytest.mark.parametrize(
    ("cohorts_sees", "agreed_to", "shows_numbers"),
    [
        (Sees.LEVELS, Sees.LEVELS, False),
        (Sees.LEVELS, Sees.ANSWERS, False),
        (Sees.SCORES, Sees.LEVELS, False),
        (Sees.SCORES, Sees.SCORES, True),
        (Sees.ANSWERS, Sees.SCORES, True),
    ],
)
def test_numbers_are_shown_only_where_the_cohort_sees_them_and_the_member_agreed(
    cast: Cast, cohorts_sees: Sees, agreed_to: Sees, shows_numbers: bool
) -> None:
    guild = Guild(cast, members=0, sees=cohorts_sees)
    add(guild, "Ben", PROFICIENT, sees=agreed_to)

    found = read(guild, Wanted(area="tools"))

    cells = [cell for cell in found.rows[0].cells if cell.score.is_enough]
    assert [cell.score.level for cell in cells] == ["Developing", "Proficient"]
    numbers = [(cell.score.value, cell.score.low, cell.score.high) for cell in cells]
    assert numbers == ([(500, 485, 515), (600, 585, 615)] if shows_numbers else [(None, None, None)] * 2)


def test_cells_show_what_the_profile_says_through_what_is_seen(guild: Guild) -> None:
    ben = guild.add("Ben", agreed_to=Sees.SCORES)
    take("placement", learner_id=ben, now=NOON, wrong=range(8))
    profile = profiles.get_profile(ben, now=NOON + MONTH)

    found = read(guild, Wanted(area="databases"), days=30)

    area, *topics = found.rows[0].cells
    assert area.score == seen(profile.area("databases").score, Sees.SCORES)
    assert [cell.score for cell in topics] == [
        seen(profile.area("databases").topic_score(cell.column.skill), Sees.SCORES) for cell in topics
    ]


def test_an_areas_topics_can_be_the_columns_each_with_its_quiz(guild: Guild) -> None:
    add(guild, "Ben", PROFICIENT)

    found = read(guild, Wanted(area="tools"))

    assert [column.skill for column in found.columns][:2] == ["tools", "tools/vscode"]
    assert [column.quiz for column in found.columns][:2] == ["tools", "topic-tools-vscode"]
    assert [spread[0] for spread in found.spreads] == list(found.columns)


def test_an_unknown_area_is_not_found(guild: Guild) -> None:
    with pytest.raises(NotFound):
        read(guild, Wanted(area="cobol"))


@pytest.mark.parametrize("sees", Sees)
def test_a_member_sees_of_themselves_exactly_the_cells_that_the_lead_sees(guild: Guild, sees: Sees) -> None:
    ben = add(guild, "Ben", PROFICIENT, sees=sees)
    guild.want({"tools": "Expert"})
    now = NOON + MONTH

    mirror = cohorts.open_cohort(guild.id, user_id=ben, now=now)

    assert isinstance(mirror, Mirror)
    (row,), (in_tools,) = (read(guild, Wanted(area=area), days=30).rows for area in ("", "tools"))
    tools = mirror.person.areas[4]
    assert tuple(area.cell for area in mirror.person.areas) == row.cells
    assert (tools.cell, *tools.topics) == in_tools.cells


# targets


def test_gaps_are_told_in_the_cells_and_a_topic_takes_its_areas_target(guild: Guild) -> None:
    add(guild, "Ben", EXPERT)
    guild.want({"tools": "Proficient", "tools/git": "Expert"})

    found = read(guild, Wanted(area="tools"))

    gaps = {cell.column.skill: cell.gap and (cell.gap.direction, cell.gap.wanted) for cell in found.rows[0].cells}
    assert gaps["tools"] == ("below", "Proficient")
    assert gaps["tools/pytest"] == ("above", "Proficient")
    assert gaps["tools/git"] is None
    assert {column.skill: column.target for column in found.columns}["tools/git"] == "Expert"
    assert found.has_targets


def test_without_targets_there_are_no_gaps(guild: Guild) -> None:
    add(guild, "Ben", EXPERT)

    found = read(guild)

    assert {cell.gap for cell in found.rows[0].cells} == {None}
    assert not found.has_targets


# order, filters, pages


def test_who_needs_help_first_comes_first_and_who_has_no_evidence_last(guild: Guild) -> None:
    for name, wrong in (("Strong", range(0)), ("Weak", range(12)), ("Middling", range(6)), ("New", None)):
        member_id = guild.add(name, agreed_to=Sees.SCORES)
        if wrong is not None:
            take("tools", learner_id=member_id, now=NOON, wrong=wrong)

    assert names(guild) == ["Weak", "Middling", "Strong", "New"]
    assert names(guild, order=Order.NAME) == ["Middling", "New", "Strong", "Weak"]


def test_targets_decide_who_needs_help(guild: Guild) -> None:
    add(guild, "Tester", FOUNDATION)
    other = add(guild, "Other")
    know(other, {"apis/rest": DEVELOPING})

    guild.want({"tools/pytest": "Expert"})
    assert names(guild) == ["Tester", "Other"]
    guild.want({"apis/rest": "Expert"})
    assert names(guild) == ["Other", "Tester"]


def test_sorted_by_last_answer_the_newest_comes_first_and_who_never_answered_last(guild: Guild) -> None:
    for name, days in (("Old", 0), ("Never", None), ("New", 20)):
        member_id = guild.add(name)
        if days is not None:
            take("tools", learner_id=member_id, now=NOON + timedelta(days=days))

    found = read(guild, Wanted(order=Order.ACTIVITY), days=30)

    assert [row.user.name for row in found.rows] == ["New", "Old", "Never"]


@pytest.mark.parametrize(
    ("at_most", "left"),
    [
        ("Foundation", {"F"}),
        ("Developing", {"F", "D"}),
        ("Proficient", {"F", "D", "P"}),
        (NOT_ENOUGH, {"N"}),
        ("", {"F", "D", "P", "E", "N"}),
    ],
)
def test_a_filter_leaves_who_is_at_a_level_or_below_and_no_figure_of_the_group_changes(
    guild: Guild, at_most: str, left: set[str]
) -> None:
    for name, theta in (("F", FOUNDATION), ("D", DEVELOPING), ("P", PROFICIENT), ("E", EXPERT), ("N", None)):
        add(guild, name, theta)
    whole = read(guild)

    found = read(guild, Wanted(skill="tools/pytest", at_most=at_most))

    assert {row.user.name for row in found.rows} == left
    assert found.found == len(left)
    assert (found.members, found.spreads, found.helped) == (whole.members, whole.spreads, whole.helped)


@pytest.mark.parametrize(("is_active", "left"), [(True, ["New"]), (False, ["Never", "Old"]), (None, 3)])
def test_a_filter_leaves_who_answered_lately_or_who_did_not(
    guild: Guild, is_active: bool | None, left: list[str] | int
) -> None:
    for name, days in (("Old", 0), ("Never", None), ("New", 1)):
        member_id = guild.add(name)
        if days is not None:
            take("tools", learner_id=member_id, now=NOON + timedelta(days=days))

    found = read(guild, Wanted(order=Order.NAME, is_active=is_active), days=31)

    assert left in ([row.user.name for row in found.rows], len(found.rows))


def test_an_unknown_skill_to_filter_by_is_not_found(guild: Guild) -> None:
    with pytest.raises(NotFound):
        read(guild, Wanted(skill="cobol", at_most="Developing"))


def test_a_page_has_fifty_rows_and_one_behind_the_last_is_the_last(guild: Guild) -> None:
    for number in range(53):
        guild.add(f"Member {number:02}")

    pages = [read(guild, Wanted(order=Order.NAME, page=page)) for page in (1, 2, 99)]

    assert [len(page.rows) for page in pages] == [50, 3, 3]
    assert [(page.page, page.pages, page.found) for page in pages] == [(1, 2, 53), (2, 2, 53), (2, 2, 53)]
    assert pages[1].rows == pages[2].rows
    assert not {row.user.id for row in pages[0].rows} & {row.user.id for row in pages[1].rows}


def test_a_cohort_too_large_to_sort_is_shown_by_name_without_figures(
    guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, theta in (("Zoe", FOUNDATION), ("abe", EXPERT), ("Ben", None)):
        add(guild, name, theta)
    monkeypatch.setattr(matrix, "MOST_SORTED", 2)
    monkeypatch.setattr(matrix, "ROWS", 2)

    first, second = (read(guild, Wanted(skill="tools", at_most=NOT_ENOUGH, page=page)) for page in (1, 2))

    assert [row.user.name for row in first.rows] == ["abe", "Ben"]
    assert [row.user.name for row in second.rows] == ["Zoe"]
    assert (first.is_whole, first.helped, first.spreads) == (False, (), ())
    assert (first.found, first.pages) == (3, 2)


# who needs help first, and why


def test_five_are_named_who_need_help_first_each_with_what_they_lack(guild: Guild) -> None:
    guild.want({"tools": "Developing", "tools/pytest": "Expert"})
    for number in range(7):
        add(guild, f"Member {number}", FOUNDATION if number else EXPERT)
    add(guild, "Nobody knows")

    helped = read(guild).helped

    assert [one.row.user.name for one in helped] == [f"Member {number}" for number in range(1, 6)]
    (lack,) = helped[0].lacks
    assert (lack.column.name, lack.score.level) == ("pytest", "Foundation")
    assert lack.gap is not None
    assert (lack.gap.wanted, lack.gap.is_sure) == ("Expert", True)


def test_who_reaches_all_that_is_wanted_needs_no_help(guild: Guild) -> None:
    guild.want({"tools/pytest": "Developing"})
    add(guild, "Ben", PROFICIENT)

    assert read(guild).helped == ()


# the spread


def test_the_spread_counts_who_has_evidence_and_is_for_five_at_least(guild: Guild) -> None:
    for number in range(4):
        add(guild, f"Member {number}", PROFICIENT)
    add(guild, "Nobody knows")
    assert spread_in(guild, "tools").levels is None

    add(guild, "Fifth", PROFICIENT)

    assert (spread_in(guild, "tools").members, spread_in(guild, "tools").values) == (5, (500, 500, 500))
    assert spread_in(guild, "apis").levels is None


def spread_in(guild: Guild, skill: str) -> matrix.Spread:
    """How the cohort spreads over an area."""
    return next(spread for column, spread in read(guild).spreads if column.skill == skill)


# what it costs


def test_a_matrix_asks_sql_as_often_for_many_members_as_for_one_and_the_store_once_for_fifty(
    app: Flask, guild: Guild, config: Config
) -> None:
    def count() -> tuple[int, list[str], int]:
        sql.session().rollback()
        sql.session().expunge_all()
        with watched_commands(config) as commands, watched_statements() as statements:
            found = read(guild)
        selects = [statement for statement in statements if statement.startswith("SELECT")]
        assert set(statements) - set(selects) <= {"BEGIN"}
        return found.members, commands, len(selects)

    add(guild, "Alone", PROFICIENT)
    alone = count()
    for number in range(60):
        add(guild, f"Member {number}", PROFICIENT if number < 2 else None)

    whose_cohort_how_many_what_is_wanted_and_who = 4
    assert alone == (1, ["find"], whose_cohort_how_many_what_is_wanted_and_who)
    assert count() == (61, ["find"] * 2, whose_cohort_how_many_what_is_wanted_and_who)
