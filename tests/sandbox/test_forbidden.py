"""No app is given microapps' own home, what is around it, or the system's folders, whoever says yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.errors import InvalidInput
from microapps.notebook.permissions import FileAccess, Permissions
from microapps.sandbox import Confinement, refuse_forbidden
from microapps.sandbox.policy import granted_files


def _reading(path: Path | str) -> Permissions:
    return Permissions(files=(FileAccess(path=str(path)),))


@pytest.mark.parametrize("path", ["/", "/run", "/run/user/0", "/proc/self", "/dev/shm", "/sys", "/etc/shadow"])
def test_the_systems_own_is_refused(path: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be given"):
        refuse_forbidden(_reading(path))


@pytest.mark.parametrize("within", ["", "key", "apps/other/data", ".."])
def test_the_home_is_refused_with_what_is_in_and_around_it(microapps_home: Path, within: str) -> None:
    path = microapps_home.parent if within == ".." else microapps_home / within
    with pytest.raises(InvalidInput, match="microapps keeps your key"):
        refuse_forbidden(_reading(path))
    with pytest.raises(InvalidInput, match="microapps keeps your key"):
        granted_files(Confinement("app", granted=_reading(path)))


def test_a_link_to_the_home_is_refused(microapps_home: Path, tmp_path: Path) -> None:
    microapps_home.mkdir(exist_ok=True)
    (tmp_path / "link").symlink_to(microapps_home)
    with pytest.raises(InvalidInput):
        refuse_forbidden(_reading(tmp_path / "link" / "key"))


def test_what_lies_elsewhere_and_removable_disks_can_be_given(tmp_path: Path) -> None:
    refuse_forbidden(_reading(tmp_path / "table.csv"))
    refuse_forbidden(_reading("/run/media/me/disk/table.csv"))
