"""A cohort's settings, for its leads."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.assessment.joining import Joining
from tracker.assessment.sees import Sees
from tracker.services import cohort_settings
from tracker.web.cohort_inputs import SettingsInput
from tracker.web.forms import check_form
from tracker.web.people import me

bp = Blueprint("cohort_settings", __name__, url_prefix="/cohorts/<cohort_id>")

Page = str | tuple[str, int] | Response

ASKED = "Members who agreed to less are asked on their first page. Until they agree, you see them as before."


@bp.get("/settings")
@login_required
def show(cohort_id: str) -> Page:
    """A cohort's settings."""
    settings = cohort_settings.open_settings(cohort_id, lead_id=me().id)
    form = SettingsInput(formdata=None, obj=settings.cohort)
    return render_template("cohorts/settings.html", settings=settings, form=form)


@bp.post("/settings")
@login_required
def change(cohort_id: str) -> Page:
    """Replace a cohort's settings."""
    sent = SettingsInput()
    if not sent.validate_on_submit():
        settings = cohort_settings.open_settings(cohort_id, lead_id=me().id)
        return render_template("cohorts/settings.html", settings=settings, form=sent), 400
    asks = cohort_settings.change_settings(
        cohort_id,
        lead_id=me().id,
        name=sent.name.data,
        sees=Sees(sent.sees.data),
        joining=Joining(sent.joining.data),
        now=g.now,
    )
    flash(f"Saved. {ASKED}" if asks else "Saved.")
    return redirect(url_for(".show", cohort_id=cohort_id))


@bp.post("/archive")
@login_required
def archive(cohort_id: str) -> Page:
    """Archive a cohort."""
    check_form()
    cohort_settings.archive(cohort_id, lead_id=me().id, now=g.now)
    flash("The cohort is archived. Nobody joins it and nothing is assigned any more; everybody can still read.")
    return redirect(url_for(".show", cohort_id=cohort_id))


@bp.post("/restore")
@login_required
def restore(cohort_id: str) -> Page:
    """Take a cohort out of the archive."""
    check_form()
    cohort_settings.restore(cohort_id, lead_id=me().id, now=g.now)
    flash("The cohort is restored.")
    return redirect(url_for(".show", cohort_id=cohort_id))
