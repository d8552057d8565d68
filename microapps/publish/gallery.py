"""The finished apps that ship: notebooks and their pictures, in the package when installed, beside it in a checkout.

They are served from where they lie, which may be read-only. Their code was written and checked here, so what they ask
for is what they are given; a test holds that they ask for nothing but a place for their own data.
"""

from __future__ import annotations

from pathlib import Path

from ..checks.preload import preloadable
from ..errors import UnknownApp
from ..notebook import read
from ..sandbox import Confinement
from .settings import PublishedApp


def gallery_folder() -> Path:
    """The folder of the gallery's notebooks, each with its picture: ``NAME.ipynb`` and ``NAME.png``."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "gallery"
    return shipped if shipped.is_dir() else package.parent / "gallery"


def gallery_names() -> tuple[str, ...]:
    """The names of the gallery's apps, sorted."""
    return tuple(sorted(path.stem for path in gallery_folder().glob("*.ipynb")))


def thumbnail(notebook: Path) -> Path | None:
    """The picture beside a notebook; None if there is none."""
    picture = notebook.with_suffix(".png")
    return picture if picture.is_file() else None


def gallery_app(name: str, data: Path) -> PublishedApp:
    """One app of the gallery as a site serves it.

    Parameters
    ----------
    name : its name.
    data : the folder under which it may have one of its own for what it keeps.

    Raises
    ------
    UnknownApp
        The gallery has no such app.
    """
    if name not in gallery_names():
        raise UnknownApp(f"The gallery has no app {name!r}.", f"It has: {', '.join(gallery_names())}.")
    stored = read(gallery_folder() / f"{name}.ipynb")
    app, metadata = stored.app, stored.app.metadata
    own = None
    if metadata.permissions.storage != "none":
        own = data / name
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
    return PublishedApp(
        name=name,
        title=metadata.title,
        description=metadata.description,
        tags=metadata.tags,
        notebook=stored.path,
        digest=app.digest,
        thumbnail=thumbnail(stored.path),
        confinement=Confinement(
            app=f"gallery:{name}", granted=metadata.permissions, preload=preloadable(app), data=own
        ),
    )
