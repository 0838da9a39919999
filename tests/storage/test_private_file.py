"""Files that only their owner may read."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from tracker.storage.private_file import get_secret, make_private_file, make_private_folder, write_private


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_folder_is_closed_to_others_also_when_it_was_open(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    folder.chmod(0o755)

    make_private_folder(folder)

    assert mode_of(folder) == 0o700


def test_a_private_file_keeps_its_text_and_is_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_text("kept")
    file.chmod(0o644)

    make_private_file(file)

    assert (file.read_text(), mode_of(file)) == ("kept", 0o600)


def test_a_secret_is_made_once_long_and_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secret"

    first, second = get_secret(file), get_secret(file)

    assert first == second
    assert len(first) >= 43
    assert mode_of(file) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_two_secrets_are_never_the_same(tmp_path: Path) -> None:
    assert get_secret(tmp_path / "one") != get_secret(tmp_path / "two")


def test_all_who_come_at_once_get_the_same_secret(tmp_path: Path) -> None:
    barrier = Barrier(8)

    def get(number: int) -> str:
        barrier.wait(timeout=10)
        return get_secret(tmp_path / f"secret {number // 8}")

    with ThreadPoolExecutor(8) as pool:
        secrets = list(pool.map(get, range(80)))

    assert len(set(secrets)) == len(list(tmp_path.iterdir())) == 10
    assert [len(set(secrets[start : start + 8])) for start in range(0, 80, 8)] == [1] * 10


def test_writing_replaces_the_whole_text_and_leaves_no_draft(tmp_path: Path) -> None:
    file = tmp_path / "address"
    file.write_text("a much longer text that was there before")
    file.chmod(0o644)

    write_private(file, "short")

    assert (file.read_text(), mode_of(file)) == ("short\n", 0o600)
    assert list(tmp_path.iterdir()) == [file]
