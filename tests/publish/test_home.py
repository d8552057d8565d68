"""The site's home without a browser: what a search finds, whose pictures are shown, and what a site tells of itself."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse

from microapps.publish import PublishedApp, Site, SiteSettings
from microapps.publish.gallery import gallery_app, gallery_folder, gallery_names
from microapps.publish.home import LARGEST_PICTURE, cards, drawn, matches, picture
from microapps.publish.plain import plain_words
from microapps.publish.thumbnails import _small
from microapps.sandbox import Confinement

from .pngs import chunk, noise, png


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


def test_only_pngs_are_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    true = gallery_folder() / "converter.png"
    assert picture(true).startswith("data:image/png;base64,")
    (tmp_path / "false.png").write_bytes(b"<svg onload='alert(1)'>")
    (tmp_path / "large.png").write_bytes(true.read_bytes()[:-20] + b"x" * 200_000)
    for _ in range(2):
        assert [picture(tmp_path / name) for name in ("false.png", "large.png", "missing.png")] == ["", "", ""]
    assert picture(None) == ""
    assert [record.args[0] for record in caplog.records if record.args] == ["false.png", "large.png"]


def test_a_large_picture_is_made_small_once(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    noise(path, 900, 3000)
    assert path.stat().st_size > 2_000_000
    before = _small.cache_info()
    first = picture(path)
    content = base64.b64decode(first.removeprefix("data:image/jpeg;base64,"))
    with Image.open(io.BytesIO(content)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (800, 500))
    assert len(content) <= LARGEST_PICTURE
    assert picture(path) == first
    assert drawn(path) == (content, "image/jpeg")
    after = _small.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 2)
    noise(path, 400, 400)
    assert picture(path) != first


def test_a_picture_of_too_many_pixels_is_not_decoded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "bomb.png").write_bytes(png(60_000, 60_000, chunk(b"teSt", bytes(LARGEST_PICTURE))))
    assert picture(tmp_path / "bomb.png") == ""
    (tmp_path / "broad.png").write_bytes(png(8000, 8000, chunk(b"teSt", bytes(LARGEST_PICTURE))))
    assert picture(tmp_path / "broad.png") == ""
    assert "60000 × 60000 pixels" in caplog.text and "8000 × 8000 pixels" in caplog.text


def test_cards_have_a_link_each() -> None:
    found = cards([app(), app(name="b", title="Loan")], "loan", lambda name: f"/apps/{name}/", {"b": "data:,"})
    assert [(card.title, card.link, card.picture, card.name) for card in found] == [("Loan", "/apps/b/", "data:,", "")]


def test_apps_of_one_title_are_told_apart_by_their_names() -> None:
    apps = [app(), app(name="second", title="tip  Splitter"), app(name="c", title="Loan")]
    assert [card.name for card in cards(apps, "", str, {})] == ["tip", "second", ""]
    assert [card.name for card in cards(apps, "second", str, {})] == ["second"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**x** and *y*, __z__ and _w_, `code`, ~~old~~", "x and y, z and w, code, old"),
        ("***All*** of **what is *in* it**", "All of what is in it"),
        ("오늘의 **날씨**를 보여요", "오늘의 날씨를 보여요"),
        ("# Tips\n\n- one\n- two\n> three", "Tips one two three"),
        ("See [the rules](https://x.example/a) or [it](https://x.example)", "See the rules or it"),
        (r"Half: $\frac{a}{b}$, $\frac{x+1}{2}$, $$\sqrt{2}$$ and \(\pi r^2 \times 10^{12}\)",
         "Half: a/b, (x+1)/2, √2 and π r² × 10¹²"),
        (r"\[x_1^{n+1} \le \text{total}\] \*as is\*", "x_1^(n+1) ≤ total *as is*"),
        (r"$A\sin\theta^2$, $\log_{10} x$, $10\times2$, $v\,t$", "A sin θ², log_(10) x, 10 × 2, v t"),
        (r"$\lambda\Omega$ at $90^\circ$ and $20^{\circ}C$, $5\%$", "λΩ at 90° and 20°C, 5%"),
        ("<b>Bold</b><br>and 1 < 2 > 0", "Bold and 1 < 2 > 0"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Costs $5 to $10, or $5/$10; $HOME", "Costs $5 to $10, or $5/$10; $HOME"),
        ("2 * 3 * 4, a*b*c, snake_case_name, #1, {x}", "2 * 3 * 4, a*b*c, snake_case_name, #1, {x}"),
    ],
)  # fmt: skip
def test_a_description_is_shown_in_plain_words(written: str, shown: str) -> None:
    assert plain_words(written) == shown


@pytest.mark.parametrize("mark", ["*", "_", "[", "$a", "\\frac{", "<b ", "`", "\\(", "[a](", "*a"])
def test_marks_without_end_are_read_quickly(mark: str) -> None:
    assert plain_words((mark * 2000)[:2000])


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
        counts = HTTPRequest(f"{site.url}metrics?token={site.settings.token}", "HEAD")
        assert (await client.fetch(counts, raise_error=False)).code == 200
        assert (await get("metrics?token=" + "x" * 32)).code == 403
        told = await get("metrics", Authorization=f"Bearer {site.settings.token}")
        assert b"microapps_apps 1.0" in told.body
        home = await get(f"?token={site.settings.token}&q=%3Cb%3E")
        assert "No app fits “&lt;b&gt;”." in home.body.decode()
        assert "form-action http://127.0.0.1" in home.headers["Content-Security-Policy"]
