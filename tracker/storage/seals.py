"""Secrets that the app itself must read again, sealed at rest with a key that only the app's secret key gives."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app

EXTENSION = "seals"
INFO = b"skillmark second factors"


def connect(app: Flask, secret_key: str) -> None:
    """Derive the app's sealing key from its secret key (RFC 5869)."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=INFO).derive(secret_key.encode())
    app.extensions[EXTENSION] = Fernet(urlsafe_b64encode(key))


def seal(secret: str) -> str:
    """The secret as it is stored."""
    return _fernet().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The secret again; None when it was sealed with another secret key, or changed since."""
    try:
        return _fernet().decrypt(sealed).decode()
    except InvalidToken:
        return None


def _fernet() -> Fernet:
    fernet: Fernet = current_app.extensions[EXTENSION]
    return fernet
