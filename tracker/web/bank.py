"""The question bank for its authors: what it covers, its items, and each item with key and proof."""

from collections.abc import Iterator

from flask import Blueprint, render_template, request
from flask_login import login_required
from wtforms.fields import SelectChoice

from tracker.services import bank, bank_catalogue, bank_item
from tracker.services.bank_catalogue import Wanted
from tracker.web.inputs import ANY, KEY_STATES, BankInput
from tracker.web.people import me

bp = Blueprint("bank", __name__)


@bp.get("/bank")
@login_required
def index() -> str:
    """What the bank covers or, when anything is asked for, the items that fit."""
    if not request.args:
        overview = bank_catalogue.get_overview(author=me())
        return render_template("bank/index.html", overview=overview, form=_filter(), key_states=KEY_STATES)
    sent = _filter()
    sent.validate()
    wanted = {name: value for name, value in sent.data.items() if value and not sent[name].errors}
    page = request.args.get("page", 1, type=int)
    listing = bank_catalogue.list_entries(Wanted(**wanted), page=page, author=me())
    return render_template("bank/list.html", listing=listing, wanted=wanted, form=sent, key_states=KEY_STATES)


@bp.get("/bank/items/<path:item_id>")
@login_required
def show(item_id: str) -> str:
    """One item, or one variant of a family."""
    found = bank_item.get_bank_item(item_id, surface=request.args.get("variant", ""), author=me())
    return render_template("bank/item.html", found=found, key_states=KEY_STATES)


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
