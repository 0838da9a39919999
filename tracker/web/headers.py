"""What every response tells the browser: load nothing foreign, guess no types, keep no copies."""

from flask import Flask, Response

from tracker.config import Config

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'; worker-src 'self'"
)
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For whatever is not a page: JSON, CSV, downloads, static files."""

CLOSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)


def init(app: Flask, config: Config) -> None:
    """Put the baseline's headers on every answer of the app, errors too."""
    common = {**baseline(config), "Cache-Control": "no-store"}

    @app.after_request
    def add_headers(response: Response) -> Response:
        is_page = response.mimetype == "text/html" and "Content-Disposition" not in response.headers
        response.headers.update(common)
        response.headers["Content-Security-Policy"] = PAGE_POLICY if is_page else FILE_POLICY
        return response


def baseline(config: Config) -> dict[str, str]:
    """The headers that pages and files share."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in CLOSED_FEATURES),
    }
    if config.is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
