"""How long tests look that could look for ever: for a while in `make test`, for much longer in `make races`."""

import os

IS_THOROUGH = bool(os.environ.get("THOROUGH"))
