"""The question bank for its authors: what it covers, its items, and each item with key and proof."""

from collections.abc import Iterator

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from tracker.assessment.item_review import UNDER_REVIEW
from tracker.assessment.item_rules import RULES
from tracker.services import bank, bank_catalogue, bank_item, item_reports, item_reviews
from tracker.services.bank_catalogue import Wanted
from tracker.web.inputs import ANY, HEALTH_STATES, KEY_STATES, REPORT_KINDS, BankInput, ReviewInput
from tracker.web.people import me

bp = Blueprint("bank", __name__)

Page = str | tuple[str, int] | Response

WORDS = {"key_states": KEY_STATES, "health_states": HEALTH_STATES, "rules": RULES, "kinds": REPORT_KINDS}


@bp.get("/bank")
@login_required
def index() -> str:
    """What the bank covers or, when anything is asked for, the items that fit."""
    if not request.args:
        overview = bank_catalogue.get_overview(author=me())
        open_reports = item_reports.count_open(author=me())
        return render_template("bank/index.html", overview=overview, open_reports=open_reports, form=_filter(), **WORDS)
    sent = _filter()
    sent.validate()
    wanted = {name: value for name, value in sent.data.items() if value and not sent[name].errors}
    page = request.args.get("page", 1, type=int)
    listing = bank_catalogue.list_entries(Wanted(**wanted), page=page, author=me())
    return render_template("bank/list.html", listing=listing, wanted=wanted, form=sent, **WORDS)


@bp.get("/bank/items/<path:item_id>")
@login_required
def show(item_id: str) -> str:
    """One item, or one variant of a family."""
    return _item_page(item_id, ReviewInput())


@bp.post("/bank/reviews/<path:item_id>")
@login_required
def review(item_id: str) -> Page:
    """Put an item under review, or count it again."""
    sent = ReviewInput()
    if not sent.validate_on_submit():
        return _item_page(item_id, sent), 400
    item_reviews.decide(item_id, sent.state.data, because=sent.because.data, author=me(), now=g.now)
    flash(
        "Under review: it is served, but its answers do not count."
        if sent.state.data == UNDER_REVIEW
        else "Its answers count again, in attempts that end from now on."
    )
    return redirect(url_for(".show", item_id=item_id, _anchor="review"))


def _item_page(item_id: str, form: ReviewInput) -> str:
    found = bank_item.get_bank_item(item_id, surface=request.args.get("variant", ""), author=me())
    reports = item_reports.list_about(item_id, author=me())
    return render_template("bank/item.html", found=found, reports=reports, form=form, **WORDS)


def _filter() -> BankInput:
    """The form to filter by, filled in as the address says."""
    sent = BankInput(request.args)
    sent.place.choices = [ANY, *(SelectChoice(*place) for place in _places())]
    return sent


def _places() -> Iterator[tuple[str, str]]:
    """Every area and its topics: id and name."""
    for area in bank.get_roadmap().areas:
        yield area.slug, area.name
        for topic in area.topics:
            yield topic.id, f"{area.name}: {topic.name}"
