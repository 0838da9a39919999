"""Where the processes of a launcher keep their counts for Prometheus."""

from collections.abc import Mapping
from pathlib import Path

from tracker.config import METRICS_FOLDER
from tracker.storage.private_file import make_private_folder


def counting(instance: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that let processes count together from zero; none when nobody may read the counts."""
    if not environment.get("TRACKER_METRICS_TOKEN"):
        return {}
    folder = instance / "metrics"
    make_private_folder(folder)
    for counts in folder.glob("*.db"):
        counts.unlink()
    return {METRICS_FOLDER: str(folder)}
