"""Which document stores keep what we promise: judged by their address and by what they say of themselves.

An answer that was acknowledged is on the disks of a majority, is seen by whoever reads next, and saving goes on by
itself when a member fails. The store that our launcher runs is not judged: it is for one machine, and set up by us.
"""

from collections.abc import Mapping
from typing import Any

from pymongo.uri_parser import parse_uri

from tracker.storage import documents

LEAST_VERSION = (7, 0)

Reply = Mapping[str, Any]


def find_fault() -> str | None:
    """Why the store that the settings name cannot be used, in a sentence; None when it can. Raises: PyMongoError."""
    named = documents.get_named_uri()
    if not named:
        return None
    options = parse_uri(named)["options"]
    return fault_of_address(options) or fault_of_server(documents.command({"hello": 1}), _build())


def fault_of_address(options: Reply) -> str | None:
    """What these options of an address would undo of our promises."""
    if options.get("w", "majority") != "majority":
        return f"w={options['w']} is no majority: a failing member could take acknowledged answers along; leave it out."
    if options.get("journal") is False:
        return "journal=false would acknowledge answers that a power cut takes along; leave it out."
    if options.get("readPreference", "primary") != "primary":
        return f"readPreference={options['readPreference']} would show people what they had before; leave it out."
    if options.get("readConcernLevel") == "available":
        return "readConcernLevel=available may show what moves between shards twice, or as it was before; leave it out."
    if options.get("retryWrites") is False:
        return "retryWrites=false would fail whoever saves while another member is elected; leave it out."
    if options.get("directConnection"):
        return "directConnection=true would save nothing once another member is elected; name the set with replicaSet=."
    return None


def fault_of_server(hello: Reply, build: Reply) -> str | None:
    """What a server that answers like this would not keep of our promises."""
    if "secantusVersion" in build:
        return "this is SecantusDB, which is only used as the launcher runs it; leave TRACKER_MONGODB_URI out for that."
    if tuple(build["versionArray"][:2]) < LEAST_VERSION:
        least = ".".join(map(str, LEAST_VERSION))
        return f"MongoDB {build['version']} is too old; {least} is the oldest that always journals and is still mended."
    if hello.get("msg") == "isdbgrid":
        return None
    if not hello.get("setName"):
        return "this mongod stands alone, so it can repeat no write; make it a replica set, if only of one member."
    if hello.get("arbiters"):
        return "the replica set has an arbiter, which keeps nothing: with one member down no answer could be saved."
    return None


def _build() -> Reply:
    return documents.command({"buildInfo": 1})
