"""The cohorts that whoever asks leads; to everybody else they are not there."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, url_for

from tracker.formats.json_file import score_values
from tracker.services import cohort_people, cohorts, exports, matrix, seen_members
from tracker.services.matrix import Order, Wanted, make_matrix
from tracker.services.tokens import Scope
from tracker.web.api import schemas_cohorts as schemas
from tracker.web.api.bearer import asker
from tracker.web.api.operation import Given, operation
from tracker.web.api.paging import PageQuery, address_after, number_after, some_of
from tracker.web.api.problems import PREFIX

bp = Blueprint("api_cohorts", __name__, url_prefix=f"{PREFIX}/cohorts")


@bp.get("")
@operation(gives=schemas.Cohorts, scope=Scope.COHORTS_READ, query=PageQuery)
def index(query: PageQuery) -> schemas.Cohorts:
    """The cohorts that you lead."""
    shown, following = some_of(cohorts.list_led(asker().id), query, key=lambda cohort: cohort.public_id)
    return schemas.Cohorts(cohorts=[schemas.Cohort.model_validate(cohort) for cohort in shown], next=following)


@bp.get("/<cohort_id>")
@operation(gives=schemas.Cohort, scope=Scope.COHORTS_READ)
def show(cohort_id: str) -> schemas.Cohort:
    """One cohort that you lead."""
    return schemas.Cohort.model_validate(cohorts.get_led(cohort_id, lead_id=asker().id))


@bp.get("/<cohort_id>/members")
@operation(gives=schemas.Members, scope=Scope.COHORTS_READ, query=PageQuery)
def list_members(cohort_id: str, query: PageQuery) -> schemas.Members:
    """Who is in a cohort that you lead."""
    found = cohort_people.list_members(cohort_id, lead_id=asker().id, after=number_after(query), most=query.limit + 1)
    shown = found[: query.limit]
    return schemas.Members(
        members=[schemas.Member.model_validate(one) for one in shown],
        next=address_after(str(shown[-1].user_id), query) if len(found) > query.limit else None,
    )


@bp.get("/<cohort_id>/matrix")
@operation(gives=schemas.Matrix, scope=Scope.COHORTS_READ, query=schemas.MatrixQuery)
def show_matrix(cohort_id: str, query: schemas.MatrixQuery) -> schemas.Matrix:
    """What you see of the members of a cohort that you lead, as on its page."""
    cohort = cohorts.get_led(cohort_id, lead_id=asker().id)
    return _matrix(
        make_matrix(cohort, Wanted(area=query.area, order=Order(query.order), page=query.page), g.now), query
    )


@bp.get("/<cohort_id>/export")
@operation(gives=schemas.Export, scope=Scope.COHORTS_READ, conflicts=("conflict",))
def export(cohort_id: str) -> schemas.Export:
    """All results of a cohort that you lead, of up to 100 members; members read in their log that you looked."""
    return schemas.Export.model_validate(exports.gather_document(cohort_id, lead_id=asker().id, now=g.now))


@bp.post("/<cohort_id>/exports")
@operation(
    gives=schemas.AskedExport,
    scope=Scope.COHORTS_READ,
    created="The export that was asked for",
    conflicts=("conflict",),
)
def ask_export(cohort_id: str) -> Given:
    """Ask for the results of a cohort that you lead: 201 with a new export, 200 with the one you wait for already."""
    asked, is_new = exports.ask_for_document(cohort_id, lead_id=asker().id, now=g.now)
    return Given(
        schemas.AskedExport.model_validate(asked),
        status=HTTPStatus.CREATED if is_new else HTTPStatus.OK,
        headers={"Location": url_for(".show_export", cohort_id=cohort_id, export_id=asked.export.public_id)},
    )


@bp.get("/<cohort_id>/exports/<export_id>")
@operation(gives=schemas.AskedExport, scope=Scope.COHORTS_READ)
def show_export(cohort_id: str, export_id: str) -> schemas.AskedExport:
    """How far an export is that leads of the cohort asked for."""
    return schemas.AskedExport.model_validate(exports.get_document(cohort_id, export_id, lead_id=asker().id))


@bp.get("/<cohort_id>/exports/<export_id>/file")
@operation(gives=schemas.Export, scope=Scope.COHORTS_READ)
def download_export(cohort_id: str, export_id: str) -> bytes:
    """What an export holds, once it is made; a member of the cohort reads in their log that you looked."""
    exports.get_document(cohort_id, export_id, lead_id=asker().id)
    return exports.open_file(cohort_id, export_id, lead_id=asker().id, now=g.now).content


def _matrix(made: matrix.Matrix, query: schemas.MatrixQuery) -> schemas.Matrix:
    order = Order(query.order) if made.is_whole else Order.NAME
    following: dict[str, Any] = {"area": query.area or None, "order": order.value, "page": made.page + 1}
    return schemas.Matrix(
        area=made.area.slug if made.area else None,
        order=order,
        columns=[schemas.Column.model_validate(column) for column in made.columns],
        rows=[_row(row) for row in made.rows],
        member_count=made.members,
        page=made.page,
        page_count=made.pages,
        next=url_for(".show_matrix", cohort_id=made.cohort.public_id, **following) if made.page < made.pages else None,
    )


def _row(row: seen_members.Row) -> schemas.Row:
    return schemas.Row(
        id=row.user.id,
        name=row.user.name,
        address=row.user.email,
        leads_see=row.sees,
        last_answer_at=row.last_answered,
        cells=[_cell(cell) for cell in row.cells],
    )


def _cell(cell: seen_members.Cell) -> schemas.Cell:
    return schemas.Cell.model_validate(
        {**score_values(cell.score), "last_answer_at": cell.last_answered, "against_target": cell.gap}
    )
