"""Static files, served before Flask is entered: named by their content, compressed once, kept by browsers for ever.

A module or a style sheet cannot name another file, because only templates know the published names (`static_url`).
Modules that import each other share a folder below `js`: it is published whole, its content's hash in its name.
"""

import gzip
import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from tracker.config import Config
from tracker.web.headers import FILE_POLICY, baseline

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SOURCE = Path(__file__).resolve().parent.parent / "static"
PREFIX = "/static/"
MODULES = Path("js")
HASH_LENGTH = 12


class StaticFiles(WhiteNoise):
    """Answers a GET of a published file whole, with all its headers; everything else is the app's."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        is_file = environ["PATH_INFO"].startswith(PREFIX) and environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        environ.pop("HTTP_RANGE", None)
        if is_file:  # one that changed has another name, and "not modified" would lack our headers
            environ.pop("HTTP_IF_NONE_MATCH", None)
            environ.pop("HTTP_IF_MODIFIED_SINCE", None)
        answer: Iterable[bytes] = (super().__call__ if is_file else self.application)(environ, start_response)
        return answer


def init(app: Flask, config: Config) -> None:
    """Publish the static files and serve them in front of the app; templates find them with `static_url`."""
    target = config.instance / "static"
    published = publish(SOURCE, target)
    headers = {**baseline(config), "Content-Security-Policy": FILE_POLICY}

    def add_headers(kept: Headers, _path: str, _url: str) -> None:
        for name, value in headers.items():
            kept[name] = value

    def static_url(name: str) -> str:
        """The address of a static file, as `css/site.css`. Raises: KeyError."""
        return PREFIX + published[name]

    app.wsgi_app = StaticFiles(  # type: ignore[method-assign]
        app.wsgi_app,
        root=target,
        prefix=PREFIX,
        allow_all_origins=False,
        add_headers_function=add_headers,
        immutable_file_test=lambda _path, _url: True,
    )
    app.add_template_global(static_url)


def publish(source: Path, target: Path) -> dict[str, str]:
    """Copy every file, its content's hash in its name or its folder's, and its compressed form. Gives new names by old.

    What is there already is left alone, so that several workers can publish at once.
    """
    files = sorted(file for file in source.rglob("*") if file.is_file())
    return {file.relative_to(source).as_posix(): _publish(file, _name(file, source), target) for file in files}


def _name(file: Path, source: Path) -> str:
    """Under which name a file is published."""
    path = file.relative_to(source)
    if path.parent.parent == MODULES:
        siblings = sorted(file.parent.iterdir())
        folder = path.parent.with_name(f"{path.parent.name}.{_digest(*siblings)}")
        return (folder / path.name).as_posix()
    return path.with_suffix(f".{_digest(file)}{file.suffix}").as_posix()


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:HASH_LENGTH]


def _publish(file: Path, name: str, target: Path) -> str:
    content = file.read_bytes()
    published = target / name
    if not published.exists():
        published.parent.mkdir(parents=True, exist_ok=True)
        compressed = gzip.compress(content, mtime=0)
        if len(compressed) < len(content):
            _write(published.with_name(f"{published.name}.gz"), compressed, aside=target.parent)
        _write(published, content, aside=target.parent)  # last: whoever sees it finds the compressed form too
    return name


def _write(file: Path, content: bytes, *, aside: Path) -> None:
    """Write a file whole or not at all, also when the power fails; one that is there by now is as good."""
    with tempfile.NamedTemporaryFile(dir=aside, prefix=".static-") as partial:
        partial.write(content)
        partial.flush()
        os.fsync(partial.fileno())
        with suppress(FileExistsError):
            os.link(partial.name, file)
