"""The site's home without a browser: what a search finds, whose pictures are shown, and what a site tells of itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from microapps.publish import PublishedApp, Site, SiteSettings
from microapps.publish.gallery import gallery_app, gallery_folder, gallery_names
from microapps.publish.home import cards, matches, picture
from microapps.sandbox import Confinement


def app(**values: object) -> PublishedApp:
    given = {
        "name": "tip",
        "title": "Tip splitter",
        "description": "Splits a bill.",
        "tags": ("money", "여행"),
        **values,
    }
    return PublishedApp(notebook=Path("tip.ipynb"), confinement=Confinement("tip"), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("search", ["", "  ", "TIP", "bill money", "여행", "\u110b\u1167\u1112\u1162\u11bc", "plitter"])
def test_a_search_finds_words_of_title_description_and_tags(search: str):
    assert matches(app(), search)


@pytest.mark.parametrize("search", ["loan", "tip loan", "<script>"])
def test_every_word_has_to_be_there(search: str):
    assert not matches(app(), search)


def test_only_small_pngs_are_shown(tmp_path: Path):
    true = gallery_folder() / "converter.png"
    assert picture(true).startswith("data:image/png;base64,")
    (tmp_path / "false.png").write_bytes(b"<svg onload='alert(1)'>")
    (tmp_path / "large.png").write_bytes(true.read_bytes() + b"x" * 200_000)
    assert [picture(tmp_path / name) for name in ("false.png", "large.png", "missing.png")] == ["", "", ""]
    assert picture(None) == ""


def test_cards_have_a_link_each():
    found = cards([app(), app(name="b", title="Loan")], "loan", lambda name: f"/apps/{name}/")
    assert [(card.title, card.link) for card in found] == [("Loan", "/apps/b/")]


def test_an_app_of_the_gallery_keeps_its_data_in_the_persons_folder(tmp_path: Path):
    kept = {name: gallery_app(name, tmp_path).confinement.data for name in gallery_names()}
    assert kept["habit-tracker"] == tmp_path / "habit-tracker"
    assert kept["converter"] is None


@pytest.mark.sandbox
@pytest.mark.anyio
async def test_a_site_tells_everyone_that_it_lives_and_its_counts_to_few(tmp_path: Path):
    client = AsyncHTTPClient(force_instance=True)
    async with Site([gallery_app("converter", tmp_path)], SiteSettings(warm=0)) as site:

        async def get(path: str, **headers: str) -> HTTPResponse:
            return await client.fetch(site.url + path, headers=headers, raise_error=False)

        assert (await get("healthz")).body == b"ok\n"
        assert (await get("metrics")).code == 403
        assert (await get("metrics?token=" + "x" * 32)).code == 403
        told = await get("metrics", Authorization=f"Bearer {site.settings.token}")
        assert b"microapps_apps 1.0" in told.body
        home = await get(f"?token={site.settings.token}&q=%3Cb%3E")
        assert "No app fits “&lt;b&gt;”." in home.body.decode()
        assert "form-action http://127.0.0.1" in home.headers["Content-Security-Policy"]
