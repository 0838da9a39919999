"""The address that people reach the app at: for every link that leaves a page. Never what a request claims."""

from flask import Flask, current_app

EXTENSION = "address"


def connect(app: Flask, address: str) -> None:
    """Tell the app its address, without a slash at its end."""
    app.extensions[EXTENSION] = address


def get_address() -> str:
    """The app's address, without a slash at its end."""
    address: str = current_app.extensions[EXTENSION]
    return address
