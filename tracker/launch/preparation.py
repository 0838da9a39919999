"""What has to be in order before anything is served: the question bank and both stores.

Run as `python -m tracker.launch.preparation`: it does without the weight of the whole app.
"""

import os
import sys

from flask import Flask
from pymongo.errors import PyMongoError
from sqlalchemy.exc import OperationalError

from tracker import logs
from tracker.config import Config
from tracker.errors import BankError, ConfigError
from tracker.services.stores import prepare_stores
from tracker.storage import documents, question_bank, sql


def main() -> None:
    """Check the question bank and the document store, migrate the SQL database, build indexes and shapes."""
    try:
        config = Config.from_environment(os.environ)
        logs.init(is_json=config.is_log_json)
        question_bank.open_bank(config.bank, instance=config.instance)
        app = Flask("tracker")
        sql.connect(app, config.database_url)
        documents.connect(app, config.mongodb_uri, is_named=config.is_store_named)
        with app.app_context():
            prepare_stores()
    except (BankError, ConfigError) as error:
        sys.exit(str(error))
    except PyMongoError as error:
        sys.exit(f"TRACKER_MONGODB_URI: the document store does not answer as it must: {error}")
    except OperationalError as error:
        sys.exit(f"TRACKER_DATABASE_URL: the SQL database does not answer as it must: {error.orig}")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # all is written; PyMongo would take two thirds of a second to take its leave
