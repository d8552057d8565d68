"""Which host names can be granted."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from microapps.notebook import Host


@pytest.mark.parametrize("name", ["*.com", "*.", "*", "*.*.com"])
def test_a_wildcard_over_a_whole_top_level_is_no_host(name: str) -> None:
    with pytest.raises(ValidationError):
        Host(name=name)


@pytest.mark.parametrize("name", ["*.example.org", "example.org", "localhost", "127.0.0.1"])
def test_hosts_that_can_be_granted(name: str) -> None:
    assert Host(name=name).name == name
