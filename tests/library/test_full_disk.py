"""A full disk ends in a clear message; what was accepted stays, and work goes on when there is room again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from microapps.errors import MachineFault
from microapps.library import Library
from microapps.notebook import read

from .processes import child, ended
from .samples import change, make, tip, value

if sys.platform != "win32":
    import resource


def fill_until_it_fails(library: Library) -> tuple[dict[int, int], MachineFault]:
    """Accept changes, ever larger, until one fails; what was accepted, and the failure."""
    accepted: dict[int, int] = {}
    for number in range(1, 500):
        try:
            revision = library.accept(
                tip(number, about="# Large\n" + "x" * 20_000),
                name="tip-splitter",
                action="change",
                request="more",
                report=None,
            )
        except MachineFault as fault:
            return accepted, fault
        accepted[revision.number] = number
    raise AssertionError("the disk was never full")


def is_whole(library: Library, accepted: dict[int, int]) -> None:
    """Every accepted revision is there, none but those, and what file there is can be read."""
    kept = {r.number: value(r.notebook) for r in library.revisions("tip-splitter") if r.number > 1}
    assert kept == accepted
    assert library.revision("tip-splitter").number == max(kept)
    read(library.app("tip-splitter").path)


def on_a_full_disk(home: Path) -> None:
    with Library(home) as library:
        make(library, tip(0))
        ballast = home / "ballast"
        ballast.write_bytes(b"x" * (shutil.disk_usage(home).free // 2))
        accepted, fault = fill_until_it_fails(library)
        assert len(accepted) > 3
        assert "full" in fault.what and "Make room" in fault.hint
        is_whole(library, accepted)
        for use in (library.undo, library.remove, lambda name: library.rename(name, "other")):
            try:
                use("tip-splitter")  # may still find a few free bytes; but it does it or says why not
            except MachineFault as again:
                assert "Make room" in again.hint
            else:
                break
        ballast.unlink()
    shutil.rmtree(home / "trash", ignore_errors=True)
    with Library(home) as library:
        name = (library.apps() or (library.restore("tip-splitter"),))[0].name
        revision = change(library, name, 1000)
        assert revision.number == max(accepted) + 1
        path = library.notebook_path(name)
        assert value(read(path).app) == 1000
        assert not list(path.parent.glob(".microapps-*"))
        assert {r.number for r in library.revisions(name)} == {1, *accepted, revision.number}


def _mounts() -> bool:
    """Whether a file system of our own can be mounted where nobody else sees it."""
    if not (shutil.which("unshare") and shutil.which("mount")):
        return False
    return (
        subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0
    )


@pytest.mark.long
@pytest.mark.parametrize("size", ["2m", "3m"])
def test_a_full_disk(tmp_path: Path, size: str) -> None:
    if not _mounts():
        pytest.skip("mounting needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"mount -t tmpfs -o size={size} none {disk} && exec {sys.executable} -m {__name__} {disk / 'home'}"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.returncode == 0, done.stderr
    assert list(disk.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="limits are those of POSIX")
def test_a_limit_on_the_size_of_files(home: Path) -> None:
    def work() -> None:
        with Library(home) as library:
            make(library, tip(0))
            soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
            accepted, fault = fill_until_it_fails(library)
            assert fault.hint
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            is_whole(library, accepted)
            change(library, "tip-splitter", 1000)
            is_whole(library, {**accepted, max(accepted) + 1: 1000})

    assert ended(child(work)) == 0


if __name__ == "__main__":
    on_a_full_disk(Path(sys.argv[1]))
