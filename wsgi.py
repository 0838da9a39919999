"""What an HTTP server and the `flask` command load."""

import os
import sys

# Before NumPy is loaded: where cores are shared, BLAS's own threads wait for each other far longer than they work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tracker import logs
from tracker.app import create_app
from tracker.config import Config
from tracker.errors import BankError, ConfigError

try:
    config = Config.from_environment(os.environ)
    logs.init(is_json=config.is_log_json)
    app = create_app(config)
except (BankError, ConfigError) as error:
    sys.exit(str(error))
