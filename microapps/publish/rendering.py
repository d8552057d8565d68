"""From a notebook that has run to the HTML of its page, with Voila's renderer and our template."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbformat import NotebookNode
from voila.configuration import VoilaConfiguration  # type: ignore[import-untyped]
from voila.notebook_renderer import NotebookRenderer  # type: ignore[import-untyped]

from .contained import closed
from .lifeless import lifeless
from .markdown import Markdown, as_written
from .prose import attached
from .statics import BASE_TEMPLATE
from .thin import said


class NoFiles:
    """Stands for the contents manager, from which Voila would put any file a notebook names into its page."""

    def file_exists(self, path: str) -> bool:
        return False


class RanNotebook(NotebookRenderer):  # type: ignore[misc]
    """Renders a notebook whose outputs are there already."""

    def __init__(self, notebook: NotebookNode, kernel_id: str, **kwargs: Any) -> None:
        super().__init__(contents_manager=NoFiles(), notebook_path="app.ipynb", **kwargs)
        self.ran = notebook
        self.kernel_id = kernel_id

    async def load_notebook(self, path: str) -> NotebookNode:
        return self.ran

    async def _jinja_kernel_start(self, nb: NotebookNode, kernel_id: str, kernel_future: Any) -> str:
        return self.kernel_id

    async def _jinja_cell_generator(self, nb: NotebookNode, kernel_id: str) -> AsyncIterator[NotebookNode]:
        for cell in self.ran.cells:
            yield cell


async def render_page(
    notebook: NotebookNode,
    kernel_id: str,
    *,
    configuration: VoilaConfiguration,
    template_paths: list[str],
    page_config: Mapping[str, Any],
    visit_url: str,
    statics_url: str,
) -> str:
    """The page of a visit; what its HTML outputs hold is changed. Both URLs are paths that end with a slash."""
    for output in (output for cell in notebook.cells for output in cell.get("outputs", ())):
        if "text/html" in (data := output.get("data", {})):
            data["text/html"] = _drawn("".join(data["text/html"]))
        data.update(said(data))
    renderer = RanNotebook(
        notebook,
        kernel_id,
        voila_configuration=configuration,
        traitlet_config=configuration.config,
        template_paths=template_paths,
        base_url=visit_url,
        page_config=dict(page_config),
    )
    await renderer.initialize()
    renderer.exporter.base_url = statics_url
    renderer.exporter.register_filter("markdown2html", _within_bounds(renderer.exporter.markdown2html))
    renderer.resources["metadata"]["name"] = notebook.metadata.title
    return str(await renderer.generate_content_str(kernel_id, None))


def _drawn(html: str) -> str:
    """HTML of the app, as it was where it cannot be mended: this page has nothing after it that would be lost."""
    found = closed(html)
    return found if found is not None else lifeless(html)


def _within_bounds(render: Callable[[Context, str], str]) -> Callable[[Context, str], str]:
    """Voila's filter for the markdown of one page, which leaves as it is written what would take long."""
    markdown = Markdown()

    @pass_context
    def rendered(context: Context, source: str) -> str:
        if not markdown.take(source):
            return as_written(source)
        return _drawn(attached(render(context, source), context.get("cell", {}).get("attachments")))

    return rendered


def page_configuration(
    visit_url: str, statics_url: str, extensions: list[dict[str, Any]], *, scripts: bool = False
) -> dict[str, Any]:
    """What the client in the page is told. There are no settings, themes or hosts beyond these.

    ``scripts`` is whether scripts of the app run in the page, for which the page takes precautions.
    """
    return {
        "appVersion": "0",
        "appUrl": "voila/",
        "baseUrl": visit_url,
        "themesUrl": f"{statics_url}themes",
        "fullStaticUrl": f"{statics_url}voila/static",
        "pageUrl": f"{statics_url}page",
        "fullLabextensionsUrl": f"{statics_url}labextensions",
        "terminalsAvailable": False,
        "extensionConfig": {},
        "progressiveRendering": False,
        "federated_extensions": extensions,
        "disabledExtensions": [],
        "mathjaxConfig": None,  # both None: formulas are set by the MathJax that Voila's client brings along
        "fullMathjaxUrl": None,
        "template": BASE_TEMPLATE,
        "ownScripts": scripts,
    }
