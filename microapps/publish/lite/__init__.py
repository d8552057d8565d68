"""An app as a folder that any web host serves: its Python runs in the visitor's own browser, by Pyodide.

The page is the thin page of :mod:`microapps.publish.thin`, drawn in advance; what it takes for a connection to a server
is a worker in the browser (``templates/static/``), in which :mod:`.engine` runs the notebook. :mod:`.fitness` says what
cannot run so, before anything is written; :mod:`.packing` gathers the Python packages, :mod:`.folder` writes it all.
"""

from .fitness import obstacles, remarks
from .folder import export_static

__all__ = ["export_static", "obstacles", "remarks"]
