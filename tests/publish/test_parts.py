"""The parts that need no process of their own: capabilities, scrubbing, policies, what of a notebook is served."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microapps.errors import InvalidInput, InvalidSetting
from microapps.publish.browser import chromium
from microapps.publish.capabilities import Capabilities, digest
from microapps.publish.entrances import Entrances
from microapps.publish.handlers import passed_on
from microapps.publish.logs import ScrubbingFormatter, scrub
from microapps.publish.notebooks import served_notebook
from microapps.publish.notices import LONGEST, Notice
from microapps.publish.policy import app_page, seen_host
from microapps.publish.settings import CONFIG, PublishedApp, SiteConfig, SiteSettings, WayIn
from microapps.publish.site import PASSED_ON, site_environment
from microapps.publish.templates import templates_folder
from microapps.sandbox import Confinement

KEY = bytes(range(32))


class Clock:
    time = 0.0

    def __call__(self) -> float:
        return self.time


def test_a_capability_opens_its_app_until_it_expires() -> None:
    clock = Clock()
    capabilities = Capabilities(KEY, clock)
    secret = capabilities.issue("tip", 60)
    assert capabilities.opens(secret, "tip")
    assert not capabilities.opens(secret, "other")
    assert not capabilities.opens(secret[:-1], "tip")
    clock.time = 60
    assert not capabilities.opens(secret, "tip")


def test_revoking_ends_every_capability_of_one_app() -> None:
    capabilities = Capabilities(KEY, Clock())
    first, second, other = (capabilities.issue(app, 60) for app in ("tip", "tip", "loan"))
    capabilities.revoke("tip", at=0.0)
    assert [capabilities.opens(first, "tip"), capabilities.opens(second, "tip")] == [False, False]
    assert capabilities.opens(other, "loan")
    again = {capabilities.issue("tip", 60) for _ in range(5)}
    assert len(again) == 5 and all(capabilities.opens(each, "tip") for each in again), "also in the same moment"


def test_a_site_that_is_started_again_knows_its_links_and_no_others() -> None:
    before, after = Capabilities(KEY, Clock()), Capabilities(KEY, Clock())
    secret = before.issue("tip", 60, way=7)
    assert after.way(secret, "tip") == 7
    assert not Capabilities(bytes(32), Clock()).opens(secret, "tip")
    after.revoke("tip", at=1.0)  # it is told till when links were made that are good no more
    assert not after.opens(secret, "tip")


def test_a_link_that_a_site_made_is_for_one_app_whatever_their_names_are_later() -> None:
    clock = Clock()
    clock.time = 10
    capabilities = Capabilities(KEY, clock)
    entrances = Entrances(capabilities)
    theirs = WayIn(7, "guest", digest=digest("theirs"))
    tip = PublishedApp("tip", "Tip", Path("tip.ipynb"), Confinement("tip"), id=1, ways=(theirs,))
    secret = capabilities.issue(tip.signed, 60)

    def opened(secret: str) -> int:
        entry = entrances.by_secret("tip", secret)
        return entry.app.id if entry is not None else 0

    entrances.serve([tip])
    assert [opened(secret), opened("theirs")] == [1, 1]
    entrances.serve([replace(tip, name="tips", former=("tip",))])
    assert [opened(secret), opened("theirs")] == [1, 1]
    entrances.serve([replace(tip, name="tips"), replace(tip, id=2, ways=())])  # another took the name
    assert [opened(secret), opened("theirs")] == [0, 1]
    entrances.serve([replace(tip, ended=10.0)])  # it was taken back and published again
    assert opened(secret) == 0
    assert opened(capabilities.issue(tip.signed, 60, since=10.0)) == 1, "also in the same moment"


def test_visits_by_links_of_the_home_end_with_these_and_previews_stay() -> None:
    tip = PublishedApp("tip", "Tip", Path("tip.ipynb"), Confinement("tip"), id=1)
    home, stage = (Entrances(Capabilities(KEY, Clock()), home=home) for home in (True, False))
    for entrances in (home, stage):
        entrances.serve([tip])
        assert entrances.still("tip", 0)
        entrances.serve([replace(tip, name="tips", former=("tip",))])
        assert entrances.still("tip", 0), "it was renamed"
        entrances.serve([replace(tip, ended=10.0)])
    assert not home.still("tip", 0) and home.still("tip", 0, 10.0)
    assert stage.still("tip", 0)


@given(place=st.integers(0, 63), other=st.sampled_from("AQgwz059-_"))
def test_a_capability_of_which_one_letter_is_another_opens_nothing(place: int, other: str) -> None:
    capabilities = Capabilities(KEY, Clock())
    secret = capabilities.issue("tip", 60, way=3)
    changed = secret[:place] + other + secret[place + 1 :]
    assert capabilities.opens(changed, "tip") == (changed == secret)


@pytest.mark.parametrize("secret", ["", "x", "x" * 16, "x" * 63, "x" * 64, "A" * 64])
def test_what_is_no_capability_opens_nothing(secret: str) -> None:
    assert not Capabilities(KEY, Clock()).opens(secret, "tip")


def test_a_capability_is_long_and_kept_nowhere() -> None:
    capabilities = Capabilities(KEY, Clock())
    secret = capabilities.issue("tip", 60)
    assert len(secret) >= 32  # 192 bits in base64
    assert secret not in repr(capabilities) and secret not in str(vars(capabilities))
    assert str(KEY) not in repr(capabilities) and KEY.hex() not in repr(SiteSettings(key=KEY.hex()))


@pytest.mark.parametrize(
    "text",
    [
        "GET /apps/tip/~CANARYCANARYCANARY/ 200",
        "GET /apps/tip/%7ECANARYCANARYCANARY/ 200",
        "ws /visits/CANARYCANARYCANARY/api/kernels/x",
        "GET /?token=CANARYCANARYCANARY&x=1",
        "next=%2Fvisits%2FCANARYCANARYCANARY",
        "{'Authorization': 'token CANARYCANARYCANARY'}",
    ],
)
def test_secrets_are_scrubbed_from_what_is_logged(text: str) -> None:
    assert "CANARY" not in scrub(text)


def test_a_traceback_is_scrubbed_too() -> None:
    try:
        raise ValueError("at /visits/CANARYCANARYCANARY/")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), (type(error), error, error.__traceback__))
    assert "ValueError" in ScrubbingFormatter().format(record)
    assert "CANARY" not in ScrubbingFormatter().format(record)


def test_only_harmless_parts_of_a_query_are_passed_on() -> None:
    assert passed_on("Bill=120&token=a&TOKEN=b&x=%3Cb%3E&session_id=1") == "Bill=120&x=%3Cb%3E"


def test_the_sites_environment_holds_no_key() -> None:
    made = site_environment({"PATH": "/bin", "ANTHROPIC_API_KEY": "CANARY", "AWS_SECRET": "CANARY", "LD_PRELOAD": "x"})
    assert "CANARY" not in str(made)
    assert set(made) <= {*PASSED_ON, "PYTHONSAFEPATH", "PYTHONPATH", "PYTHONUTF8"}


def test_an_apps_policy_names_no_host_but_this_site() -> None:
    policy = app_page("apps.example:8443", "/visits/x/", "/statics/y/")
    sources = [word for word in policy.replace(";", " ").split() if "//" in word]
    assert sources and all(source.split("//")[1].startswith("apps.example:8443/") for source in sources)
    assert "allow-same-origin" not in policy and "'self'" not in policy


@pytest.mark.parametrize("host", ["a b", "x;script-src *", "x'", "", "a/b", "x:port", "[::1"])
def test_a_host_that_could_change_a_policy_is_refused(host: str) -> None:
    with pytest.raises(InvalidInput):
        seen_host(host, "")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:80", "apps.example.org:443"])
def test_a_host_is_taken_as_the_browser_sent_it(host: str) -> None:
    assert seen_host(host, "") == host
    assert seen_host(host, "https://public.example/base/") == "public.example"


def test_what_a_notebook_wishes_is_not_served(tmp_path: Path) -> None:
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "evil", "display_name": "x"}, "voila": {"template": "x"}}
    )
    made.cells = [
        nbformat.v4.new_code_cell(
            "1",
            metadata={"tags": ["raises-exception", "x"], "x": 1},
            outputs=[nbformat.v4.new_output("stream", text="old")],
        ),
        nbformat.v4.new_code_cell("tests", metadata={"microapps": {"role": "tests"}}),
        nbformat.v4.new_code_cell("skipped", metadata={"tags": ["skip-execution"]}),
        nbformat.v4.new_raw_cell("<script>raw</script>"),
        nbformat.v4.new_markdown_cell("prose"),
    ]
    nbformat.write(made, tmp_path / "x.ipynb")
    served = served_notebook(tmp_path / "x.ipynb", "Title")
    assert [cell.source for cell in served.cells] == ["1", "prose"]
    assert served.metadata.kernelspec.name == "python3"
    assert "voila" not in served.metadata and not served.cells[0].outputs
    assert served.cells[0].metadata == {"tags": ["raises-exception"]}


@pytest.mark.parametrize("content", [None, "{", "[]", '{"nbformat": 4}', "\x00\xff"])
def test_what_is_no_notebook_is_said(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "x.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InvalidInput):
        served_notebook(path, "x")


def test_a_notice_cannot_steer_a_terminal_or_fill_it() -> None:
    notice = Notice("app_failed", "x", "\x1b[31mred\x1b[0m\x1b]0;title\x07\u202e", "y" * (2 * LONGEST))
    assert notice.what == "red]0;title"
    assert len(notice.detail) < LONGEST + 10


@pytest.mark.parametrize(
    "wrong",
    [{"base_url": "apps/"}, {"base_url": "/apps"}, {"public_url": "apps.example"}, {"frame_ancestors": ("*",)}],
)
def test_a_setting_that_cannot_be_used_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidSetting):
        SiteSettings(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://school.example", "https://school.example"),
        ("HTTPS://School.Example:443/", "https://school.example"),
        ("http://localhost:8888", "http://localhost:8888"),
        ("http://localhost:*", "http://localhost:*"),
        ("https://*.school.example:8443", "https://*.school.example:8443"),
    ],
)
def test_an_origin_that_may_frame_apps_is_written_as_a_browser_does(written: str, origin: str) -> None:
    assert SiteSettings(frame_ancestors=(written,)).frame_ancestors == (origin,)


@pytest.mark.parametrize(
    "written",
    [
        "*", "https://*", "https://*.com", "https://a.*.example", "https:", "school.example", "//school.example",
        "https://school.example/page", "https://school.example?x", "https://me@school.example", "https://school.example:0",
        "https://school.example:70000", "https://school.example; script-src *", "https://school.example 'self'",
        "https://school.example\n", "https://school.example\r\nSet-Cookie: a=b", "https://a,https://b", "'none'",
        "https://학교.example", "data:x", "https://[::1]", "https://-a.example", "",
    ],
)  # fmt: skip
def test_what_is_no_origin_may_frame_nothing(written: str) -> None:
    with pytest.raises(InvalidSetting, match="no origin"):
        SiteSettings(frame_ancestors=(written,))


def test_a_token_is_made_up_and_not_shown() -> None:
    settings = SiteSettings()
    assert len(settings.token) >= 32
    assert settings.token not in repr(settings)


def test_a_sites_configuration_crosses_whole(tmp_path: Path) -> None:
    app = PublishedApp(
        "tip", "Tip", tmp_path / "x.ipynb", Confinement("tip", source=tmp_path, preload=("a.b",)), "d", ("t",)
    )
    config = SiteConfig((app,), SiteSettings(token="t"))
    assert CONFIG.validate_json(CONFIG.dump_json(config)) == config


def test_the_templates_are_found() -> None:
    assert (templates_folder() / "index.html.j2").is_file()


def test_a_missing_browser_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from microapps.errors import MachineFault

    monkeypatch.setenv("MICROAPPS_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(MachineFault, match="no Chromium"):
        chromium()
