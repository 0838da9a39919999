"""Granian's own command, with workers that can be stopped from their first moment on.

A worker is forked with the handler by which Granian itself learns of SIGTERM, and would not hear the signal until its
app is loaded: who stopped the server a second after it began waited ten more, and lost what was being answered then.
"""

import os
import signal

from granian.cli import entrypoint

if __name__ == "__main__":
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
    entrypoint()  # type: ignore[no-untyped-call]
