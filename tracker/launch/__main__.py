"""`python -m tracker.launch serve` and `python -m tracker.launch exec -- COMMAND`."""

import argparse
import os
import signal
import sys

from tracker import logs
from tracker.errors import ConfigError
from tracker.launch.execution import execute
from tracker.launch.serving import serve
from tracker.launch.web_server import App
from tracker.processes import NotStarted


def main() -> int:
    """Do what the command line says. Gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tracker.launch", description="Skillmark with its stores.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    serving = verbs.add_parser("serve", help="start the stores and the web server; stop both with Ctrl-C")
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8000)
    execution = verbs.add_parser("exec", help="run a command with the stores up")
    execution.add_argument("command", nargs="+")
    given = parser.parse_args()
    logs.init(is_json=os.environ.get("TRACKER_LOG") == "json")
    try:
        if given.verb == "exec":
            return execute(App(), given.command, environment=os.environ)
        serve(App(), host=given.host, port=given.port, environment=os.environ)
    except (NotStarted, ConfigError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


if __name__ == "__main__":
    sys.exit(main())
