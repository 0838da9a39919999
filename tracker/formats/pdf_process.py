"""The process that makes one PDF: a page of ours comes in, the document goes out, and nothing is fetched for it."""

import os
import resource
import sys

LACKS_LIBRARY = 3
"""Its exit status where the system library that WeasyPrint needs is not there."""

CPU_SECONDS = 30
NICENESS = 10
"""Answers come first."""


def main() -> int:
    """Read HTML and write it as a tagged PDF. Returns: the exit status."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        import weasyprint
    except OSError as error:
        print(error, file=sys.stderr)
        return LACKS_LIBRARY
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())  # no network, no file, not even data: addresses
    page = weasyprint.HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=nothing)
    sys.stdout.buffer.write(page.write_pdf(pdf_variant="pdf/ua-1"))
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # Pango's threads may still run in libraries that an orderly end would take away from under them
