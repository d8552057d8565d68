"""What a person can do about a package that is missing: by which name it is installed.

A package is not always called as it is imported, and whoever installs one by a guessed name may get another's. So only
well-known names are told as they are; of others it is said that the name is a guess.
"""

from __future__ import annotations

import re

OTHERWISE = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "PyMuPDF",
    "git": "GitPython",
    "jwt": "PyJWT",
    "magic": "python-magic",
    "matplotlib_inline": "matplotlib-inline",
    "mpl_toolkits": "matplotlib",
    "nacl": "PyNaCl",
    "OpenSSL": "pyOpenSSL",
    "PIL": "Pillow",
    "pptx": "python-pptx",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "usb": "pyusb",
    "wx": "wxPython",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
}
"""Packages that are installed by another name than they are imported by."""
_SO_CALLED = """
    altair anywidget astropy bokeh bqplot folium geopandas graphviz h5py igraph imageio ipycanvas ipydatagrid ipyleaflet
    ipympl ipytree ipyvolume ipyvue ipyvuetify itables jinja2 joblib lxml markdown matplotlib networkx nltk numpy
    openpyxl pandas pendulum plotly polars pyarrow pydeck pypdf pythreejs qrcode regex requests rich scipy seaborn segno
    shapely statsmodels sympy tabulate torch tqdm traittypes wordcloud xarray xlrd xlsxwriter
"""
SO_CALLED = frozenset(_SO_CALLED.split())
"""Packages that are installed by the name they are imported by."""
_MISSING = re.compile(r"\bModuleNotFoundError: No module named '(\w{1,100})'(?!;)")


def package_of(module: str) -> str:
    """The name by which a top-level module is installed, as far as it is known; else the module's own."""
    return OTHERWISE.get(module, module)


def remedy(module: str) -> str:
    """What a person can do about a top-level module that is not installed, as a sentence."""
    package = package_of(module)
    if module in OTHERWISE or module.lower() in SO_CALLED:
        return f"A person can add {module} where the app runs: 'pip install {package}'."
    return f"A person can add {module} where the app runs, if its package is called so: 'pip install {package}'."


def remedy_of(error: str) -> str:
    """What a person can do about an error (``NAME: MESSAGE``), where it is that a package is missing; else empty."""
    found = _MISSING.search(error)
    return remedy(found[1]) if found else ""
