"""Links that leave a page lead to the pages that the app has."""

from flask import Flask, url_for

from tracker.services import links


def test_links_lead_to_our_pages_at_the_address_of_the_settings(app: Flask) -> None:
    with app.test_request_context(base_url="https://evil.example.com"):
        pages = [
            url_for("invitations.show", token="t-_1"),
            url_for("cohorts.show", cohort_id="c1"),
            url_for("assignments.show", assignment_id="a1"),
            url_for("sign_ups.open_link", sign_up_token="t-_1", next="/radar/tools"),
            url_for("sign_ups.show"),
            url_for("accounts.sign_in"),
            url_for("passwords.forgotten"),
            url_for("passwords.open_link", reset_token="t-_1"),
            url_for("verification.open_link", address_token="t-_1"),
        ]
        made = [
            links.to_invitation("t-_1"),
            links.to_cohort("c1"),
            links.to_assignment("a1"),
            links.to_confirm_sign_up("t-_1", then="/radar/tools"),
            links.to_sign_up(),
            links.to_sign_in(),
            links.to_forgotten_password(),
            links.to_new_password("t-_1"),
            links.to_verify_address("t-_1"),
        ]

    assert made == [f"http://127.0.0.1:8000{page}" for page in pages]
