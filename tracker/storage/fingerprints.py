"""Texts known again without being kept: keyed with the app's secret, so that nobody else can try out what they were."""

import hmac

from flask import Flask, current_app

EXTENSION = "fingerprints"
INFO = b"skillmark fingerprints"


def connect(app: Flask, secret_key: str) -> None:
    """Derive the app's key for fingerprints from its secret key."""
    app.extensions[EXTENSION] = hmac.digest(secret_key.encode(), INFO, "sha256")


def fingerprint(text: str) -> str:
    """The HMAC-SHA256 of a text, as 64 characters."""
    key: bytes = current_app.extensions[EXTENSION]
    return hmac.digest(key, text.encode(), "sha256").hex()
