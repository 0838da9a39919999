"""Links that leave a page lead to the pages that the app has."""

from flask import Flask, url_for

from tracker.services import links


def test_links_lead_to_our_pages_at_the_address_of_the_settings(app: Flask) -> None:
    with app.test_request_context(base_url="https://evil.example.com"):
        pages = [
            url_for("invitations.show", token="t-_1"),
            url_for("cohorts.show", cohort_id="c1"),
            url_for("assignments.show", assignment_id="a1"),
        ]
        made = [links.to_invitation("t-_1"), links.to_cohort("c1"), links.to_assignment("a1")]

    assert made == [f"http://127.0.0.1:8000{page}" for page in pages]
