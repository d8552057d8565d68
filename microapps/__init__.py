"""Describe a small tool in a sentence; get a tested notebook app of ipywidgets, published by Voila.

The rooms of the house, each importing only those before it: ``notebook`` (the format), ``testing`` (drive an app
without a browser), ``sandbox`` (confined kernels), ``checks``, ``generator`` and ``library``, ``studio`` (the use
cases), ``publish``, and the front ends ``cli``, ``magic`` and ``server``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["__version__", "load_ipython_extension"]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """``%load_ext microapps``: adds ``%%microapp`` and ``%microapp`` to a notebook."""
    from .magic import MicroappMagics

    shell.register_magics(MicroappMagics)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab finds the built front end."""
    return [{"src": "labextension", "dest": "jupyterlab-microapps"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Where a Jupyter server finds the extension."""
    from .server.application import MicroappsExtension

    return [{"module": "microapps", "app": MicroappsExtension}]
