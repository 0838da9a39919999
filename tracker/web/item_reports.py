"""Problems with items: learners report them from where they met the item, authors read them and reply."""

from uuid import uuid4

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.services import item_reports
from tracker.services.item_reports import Occasion
from tracker.web.inputs import REPORT_KINDS, ReplyInput, ReportInput
from tracker.web.people import me

bp = Blueprint("item_reports", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/attempts/<attempt_id>/places/<int:number>/report")
@login_required
def ask_attempt(attempt_id: str, number: int) -> Page:
    """The form to report a problem with an item of an attempt."""
    occasion = item_reports.get_attempt_occasion(attempt_id, number, learner_id=me().id, now=g.now)
    return _form_page(occasion, _report_input(), _result(attempt_id, number))


@bp.post("/attempts/<attempt_id>/places/<int:number>/report")
@login_required
def report_attempt(attempt_id: str, number: int) -> Page:
    """Report a problem with an item of an attempt."""
    occasion = item_reports.get_attempt_occasion(attempt_id, number, learner_id=me().id, now=g.now)
    return _report(occasion, back=_result(attempt_id, number))


@bp.get("/practice/<scope_slug>/answers/<item_version>/<int:number>/report")
@login_required
def ask_practice(scope_slug: str, item_version: str, number: int) -> Page:
    """The form to report a problem with an item of practice."""
    occasion = item_reports.get_practice_occasion(scope_slug, item_version, number, learner_id=me().id, now=g.now)
    return _form_page(occasion, _report_input(), _practised(scope_slug, item_version, number))


@bp.post("/practice/<scope_slug>/answers/<item_version>/<int:number>/report")
@login_required
def report_practice(scope_slug: str, item_version: str, number: int) -> Page:
    """Report a problem with an item of practice."""
    occasion = item_reports.get_practice_occasion(scope_slug, item_version, number, learner_id=me().id, now=g.now)
    return _report(occasion, back=_practised(scope_slug, item_version, number))


@bp.get("/bank/reports")
@login_required
def index() -> Page:
    """The reports that wait for a reply."""
    reports = item_reports.list_open(author=me())
    return render_template("item_reports/index.html", reports=reports, kinds=REPORT_KINDS)


@bp.get("/bank/reports/<report_id>")
@login_required
def show(report_id: str) -> Page:
    """One report, with the version and the answer that it is about."""
    return _report_page(report_id, ReplyInput())


@bp.post("/bank/reports/<report_id>")
@login_required
def reply(report_id: str) -> Page:
    """Reply to a report, which closes it."""
    sent = ReplyInput()
    if not sent.validate_on_submit():
        return _report_page(report_id, sent), 400
    item_reports.reply(report_id, text=sent.text.data, author=me(), now=g.now)
    flash("Your reply is saved. Whoever reported this sees it with their result and in their account.")
    return redirect(url_for(".show", report_id=report_id))


def _report(occasion: Occasion, *, back: str) -> Page:
    """Take what the form sent, and go back to where the item is explained."""
    sent = ReportInput()
    if not sent.validate_on_submit():
        return _form_page(occasion, sent, back), 400
    item_reports.report_item(
        occasion,
        learner_id=me().id,
        kind=sent.kind.data,
        text=sent.text.data,
        form_id=sent.report.data,
        now=g.now,
    )
    flash("Thank you. The authors have your report; what becomes of it is in your account.")
    return redirect(back)


def _report_input() -> ReportInput:
    return ReportInput(formdata=None, data={"report": uuid4().hex})


def _form_page(occasion: Occasion, form: ReportInput, back: str) -> str:
    return render_template("item_reports/form.html", occasion=occasion, form=form, back=back)


def _report_page(report_id: str, form: ReplyInput) -> str:
    found = item_reports.get_reported(report_id, author=me())
    return render_template("item_reports/show.html", found=found, form=form, kinds=REPORT_KINDS)


def _result(attempt_id: str, number: int) -> str:
    return url_for("attempts.result", attempt_id=attempt_id, _anchor=f"question-{number}")


def _practised(scope_slug: str, item_version: str, number: int) -> str:
    return url_for("practice.explain", scope_slug=scope_slug, item_version=item_version, number=number)
