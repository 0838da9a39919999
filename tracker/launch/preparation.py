"""What has to be in order before anything is served: the question bank and both stores.

Run as `python -m tracker.launch.preparation`: it does without the weight of the whole app.
"""

import os
import sys

from flask import Flask

from tracker.config import Config
from tracker.errors import BankError, ConfigError
from tracker.services.stores import prepare_stores
from tracker.storage import documents, question_bank, sql


def main() -> None:
    """Check the question bank, migrate the SQL database, build the document store's indexes."""
    try:
        config = Config.from_environment(os.environ)
        question_bank.open_bank(config.bank, instance=config.instance)
    except (BankError, ConfigError) as error:
        sys.exit(str(error))
    app = Flask("tracker")
    sql.connect(app, config.database_url)
    documents.connect(app, config.mongodb_uri)
    with app.app_context():
        prepare_stores()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # all is written; PyMongo would take two thirds of a second to take its leave
