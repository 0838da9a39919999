"""Pages as PDFs, each made by a process of its own: no answer waits for it, and no server loads its libraries."""

import logging
import os
import subprocess
import sys
from threading import Lock

from tracker.config import ROOT
from tracker.errors import PdfUnavailable
from tracker.formats.pdf_process import LACKS_LIBRARY

COMMAND = (sys.executable, "-m", "tracker.formats.pdf_process")
LONGEST_SECONDS = 60
PATIENCE_SECONDS = 1
TOLD = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "XDG_CACHE_HOME", "FONTCONFIG_FILE")
"""What of our environment it needs to find the system's libraries and fonts; it gets no secret."""

_making = Lock()
_log = logging.getLogger(__name__)


def make_pdf(page: str) -> bytes:
    """A page of ours as a tagged PDF, which shows only what is in the page itself. Raises: PdfUnavailable."""
    if not _making.acquire(timeout=PATIENCE_SECONDS):
        raise PdfUnavailable("Another PDF is being made just now. Please try again in a few seconds.")
    try:
        made = subprocess.run(  # noqa: S603 -- our own command, never a shell
            COMMAND,
            input=page.encode(),
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=False,
            cwd=ROOT,
            env={name: os.environ[name] for name in TOLD if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        raise PdfUnavailable("Making the PDF took too long. Please try again, or print the page instead.") from None
    finally:
        _making.release()
    if made.returncode == 0:
        return made.stdout
    _log.error("No PDF was made (%d): %s", made.returncode, made.stderr.decode(errors="replace"))
    if made.returncode == LACKS_LIBRARY:
        raise PdfUnavailable("This installation lacks the library that makes PDFs. You can print the page instead.")
    raise PdfUnavailable("The PDF could not be made. You can print the page instead.")
