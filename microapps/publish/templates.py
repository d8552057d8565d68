"""Where the site's templates are: inside the package when installed, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path


def templates_folder() -> Path:
    """The folder of the Voila template and the site's own pages."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "templates" / "voila"
    return shipped if shipped.is_dir() else package.parent / "templates" / "voila"
