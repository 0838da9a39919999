"""The PDF of a cohort: what its page says, and that the document holds it."""

import io
import re

from pypdf import PdfReader

from tests.formats.builders import SKILLS, a_cell, a_line, in_words, some_figures, some_results, some_work
from tracker.assessment.sees import Sees
from tracker.formats.report import page_of, to_pdf
from tracker.formats.results import Line
from tracker.scoring.spread import Spread

NASTY = ["<script>alert(1)</script>", "a\x00b\x0c", "שלום", "👩🏽‍💻", "&amp;", "W" * 80, "{{ results }}"]


def five() -> list[Line]:
    return [a_line(name) for name in ("Ada", "Ben", "Cleo", "Dan", "Eve")]


def a_spread(skill_id: str) -> Spread:
    return Spread(skill_id, 5, ("Foundation", "Developing", "Proficient"), (400, 480, 555))


def cells_of(page: str, name: str) -> list[str]:
    row = re.search(rf'<th scope="row">{name}</th>(.*?)</tr>', page, re.DOTALL)
    assert row
    return [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.findall("<td>(.*?)</td>", row[1], re.DOTALL)]


def test_each_member_has_a_line_with_an_area_a_cell() -> None:
    page = page_of(some_results(a_line("Ada"), a_line("Ben")))

    assert (
        cells_of(page, "Ada")
        == cells_of(page, "Ben")
        == ["Developing 480 (380 to 575)", "Not enough yet", "2 Nov 2026"]
    )


def test_a_member_who_let_the_leads_see_levels_has_words_and_no_number() -> None:
    page = page_of(some_results(a_line(sees=Sees.LEVELS, cells=tuple(a_cell(in_words()) for _ in SKILLS))))

    assert cells_of(page, "Ada")[:2] == ["Developing (Foundation to Proficient)"] * 2


def test_how_five_are_spread_is_told_with_a_chart_an_area_and_a_table() -> None:
    page = page_of(some_results(*five(), spreads=tuple(a_spread(skill.id) for skill in SKILLS)))

    assert page.count("<svg") == 1  # nobody has enough answers in the tools
    assert page.count("<circle") == 5
    assert cells_of(page, "Databases") == [
        *("0", "5", "0", "0", "0"),
        *("Foundation to Proficient 400 to 555", "Developing 480", "Expert"),
    ]


def test_how_fewer_than_five_are_spread_is_not_told() -> None:
    page = page_of(some_results(*five()[:4]))

    assert "<svg" not in page
    assert "told of 5 members or more" in page
    assert "Middle half" not in page


def test_assignments_and_what_was_told_of_the_group_have_tables() -> None:
    page = page_of(some_results(works=(some_work(),), figures=some_figures()))

    assert cells_of(page, "Databases")[:6] == [
        *("25 Oct 2026", "1 Nov 2026"),
        *("1 of 2", "0 of 2", "0 of 2", "1 of 2"),
    ]
    assert cells_of(page, "One query is enough") == ["9", "33&nbsp;% (15 to 59&nbsp;%)"]
    assert cells_of(page, "Lazy means never") == ["9", "at most one of 9 (0 to 34&nbsp;%)"]
    assert "<td>480 (430 to 530)</td>" in page


def test_what_people_are_called_is_never_markup() -> None:
    page = page_of(some_results(*(a_line(name) for name in NASTY), cohort="<b>&"))

    assert "<script" not in page
    assert "<h1>&lt;b&gt;&amp;</h1>" in page


def test_the_pdf_is_tagged_and_holds_every_member_whatever_they_are_called() -> None:
    lines = [*five(), *(a_line(name) for name in NASTY)]

    document = PdfReader(io.BytesIO(to_pdf(some_results(*lines))))

    assert document.metadata is not None
    assert document.metadata.title == "Results of Guild · Skillmark"
    assert document.root_object["/MarkInfo"]["/Marked"]
    read = " ".join(page.extract_text() for page in document.pages)
    text = " ".join(read.replace("\x00", "").split())  # pypdf reads two bytes a letter where a font also has emoji
    for told in ("12 members, as of 2 Nov 2026, 12:00 UTC", "How the members are spread", "<script>alert(1)</script>"):
        assert told in text
    for name in ("Ada", "Ben", "Cleo", "Dan", "Eve"):
        assert f"{name} Developing 480 (380 to 575) Not enough yet 2 Nov 2026" in text
