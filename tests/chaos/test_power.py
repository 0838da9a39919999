"""A disk that loses power keeps what was synced, and only that."""

import os
from pathlib import Path

import pytest

from tests.chaos.power import make_disk, why_not


def test_a_power_cut_leaves_what_was_synced_and_nothing_else(tmp_path: Path) -> None:
    if reason := why_not():
        pytest.skip(f"power cuts: {reason}")
    with make_disk(tmp_path, mebibytes=32) as disk:
        for name in ("synced", "not synced"):
            with (disk.folder / name).open("w") as file:
                file.write("acknowledged")
                file.flush()
                if name == "synced":
                    os.fsync(file.fileno())
        disk.lose_power()
        with pytest.raises(OSError, match="Input/output error"):
            (disk.folder / "after").write_text("too late")
        disk.come_back()
        kept = {file.name: file.read_text() for file in disk.folder.iterdir() if file.is_file()}
        assert kept.get("synced") == "acknowledged"
        assert not kept.get("not synced")
        assert "after" not in kept
    assert not (tmp_path / "disk").is_mount()
