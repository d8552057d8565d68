"""The names by which Python code is known to reach out, as tables: extending one is adding a line.

Names are dotted as :mod:`.names` resolves them: ``import numpy as np; np.load`` is ``numpy.load``, and a method of what
a call returned has ``()`` in it, as in ``requests.Session().get``.
"""

from __future__ import annotations

WIDGET_FAMILY = frozenset({"IPython", "comm", "ipykernel", "ipywidgets", "microapps", "traitlets", "traittypes"})

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_HTTP_OWNERS = (
    "requests",
    "requests.Session()",
    "requests.session()",
    "httpx",
    "httpx.Client()",
    "httpx.AsyncClient()",
    "aiohttp.ClientSession()",
)
URL_CALLS: dict[str, int] = {
    **{f"{owner}.{verb}": 0 for owner in _HTTP_OWNERS for verb in _VERBS},
    **{f"{owner}.{verb}": 1 for owner in _HTTP_OWNERS for verb in ("request", "stream")},
    "aiohttp.ClientSession().ws_connect": 0,
    "aiohttp.request": 1,
    "pyodide.http.open_url": 0,
    "pyodide.http.pyfetch": 0,
    "tornado.httpclient.AsyncHTTPClient().fetch": 0,
    "tornado.httpclient.HTTPClient().fetch": 0,
    "urllib.request.Request": 0,
    "urllib.request.urlopen": 0,
    "urllib.request.urlretrieve": 0,
    "urllib3.PoolManager().request": 1,
    "urllib3.request": 1,
    "websocket.create_connection": 0,
    "websockets.connect": 0,
    "websockets.sync.client.connect": 0,
    "xmlrpc.client.ServerProxy": 0,
}
"""Calls that take a URL → the place of the URL among the arguments; by keyword it is ``url`` or ``uri``."""

HOST_CALLS: dict[str, int] = {
    "asyncio.open_connection": 0,
    "ftplib.FTP": 21,
    "ftplib.FTP_TLS": 21,
    "http.client.HTTPConnection": 80,
    "http.client.HTTPSConnection": 443,
    "imaplib.IMAP4": 143,
    "imaplib.IMAP4_SSL": 993,
    "poplib.POP3": 110,
    "poplib.POP3_SSL": 995,
    "smtplib.SMTP": 25,
    "smtplib.SMTP_SSL": 465,
    "socket.create_connection": 0,
    "socket.socket().connect": 0,
    "socket.socket().connect_ex": 0,
    "telnetlib.Telnet": 23,
}
"""Calls that take a host and perhaps a port, or both as a tuple → the port when none is given (0: none)."""

NETWORK_PACKAGES: dict[str, tuple[str, ...]] = {
    "aiohttp": (),
    "anthropic": ("api.anthropic.com",),
    "boto3": (),
    "feedparser": (),
    "ftplib": (),
    "google": (),
    "gspread": ("sheets.googleapis.com",),
    "httpx": (),
    "huggingface_hub": ("huggingface.co",),
    "imaplib": (),
    "openai": ("api.openai.com",),
    "paramiko": (),
    "psycopg": (),
    "psycopg2": (),
    "pymongo": (),
    "pymysql": (),
    "redis": (),
    "requests": (),
    "smtplib": (),
    "urllib3": (),
    "websocket": (),
    "websockets": (),
    "wikipedia": ("en.wikipedia.org",),
    "yfinance": ("query1.finance.yahoo.com", "query2.finance.yahoo.com"),
}
"""Packages whose use is use of the network → the hosts they are known to reach."""

MODE_CALLS: dict[str, int] = {
    "bz2.open": 1,
    "codecs.open": 1,
    "gzip.open": 1,
    "h5py.File": 1,
    "io.open": 1,
    "lzma.open": 1,
    "netCDF4.Dataset": 1,
    "open": 1,
    "os.open": 1,
    "tarfile.open": 1,
    "wave.open": 1,
    "zipfile.ZipFile": 1,
}
"""Calls that take a path first → the place of the mode, in which any of ``w a x +`` means writing."""

READING_CALLS: dict[str, int] = {
    "IPython.display.Audio": 0,
    "IPython.display.Image": 0,
    "IPython.display.Video": 0,
    "PIL.Image.open": 0,
    "configparser.ConfigParser().read": 0,
    "cv2.VideoCapture": 0,
    "cv2.imread": 0,
    "glob.glob": 0,
    "glob.iglob": 0,
    "imageio.imread": 0,
    "imageio.v3.imread": 0,
    "ipywidgets.Audio.from_file": 0,
    "ipywidgets.Image.from_file": 0,
    "ipywidgets.Video.from_file": 0,
    "joblib.load": 0,
    "linecache.getline": 0,
    "matplotlib.image.imread": 0,
    "matplotlib.pyplot.imread": 0,
    "numpy.fromfile": 0,
    "numpy.genfromtxt": 0,
    "numpy.load": 0,
    "numpy.loadtxt": 0,
    "numpy.memmap": 0,
    "openpyxl.load_workbook": 0,
    "os.listdir": 0,
    "os.scandir": 0,
    "os.walk": 0,
    "pandas.ExcelFile": 0,
    "scipy.io.loadmat": 0,
    "scipy.io.wavfile.read": 0,
    "shutil.copy": 0,
    "shutil.copy2": 0,
    "shutil.copyfile": 0,
    "shutil.copytree": 0,
    "shutil.move": 0,
    "skimage.io.imread": 0,
    "torch.load": 0,
    "xarray.open_dataset": 0,
}
"""Calls that read a path → the place of the path."""

TABLE_READERS = frozenset({"cudf", "dask", "geopandas", "modin", "pandas", "polars"})
"""Packages whose every function ``read_…`` and ``scan_…`` reads the path or URL given first."""

WRITING_CALLS: dict[str, int] = {
    "cv2.imwrite": 0,
    "joblib.dump": 1,
    "numpy.save": 0,
    "numpy.savetxt": 0,
    "numpy.savez": 0,
    "numpy.savez_compressed": 0,
    "os.makedirs": 0,
    "os.mkdir": 0,
    "os.remove": 0,
    "os.rename": 1,
    "os.replace": 1,
    "os.rmdir": 0,
    "os.symlink": 1,
    "os.unlink": 0,
    "pandas.ExcelWriter": 0,
    "scipy.io.savemat": 0,
    "scipy.io.wavfile.write": 0,
    "shelve.open": 0,
    "shutil.copy": 1,
    "shutil.copy2": 1,
    "shutil.copyfile": 1,
    "shutil.copytree": 1,
    "shutil.move": 1,
    "shutil.rmtree": 0,
    "sqlite3.connect": 0,
    "torch.save": 1,
    "urllib.request.urlretrieve": 1,
}
"""Calls that change a path → the place of the path."""

WRITING_METHODS = frozenset(
    {"savefig", "save_html", "to_csv", "to_excel", "to_feather", "to_file", "to_hdf", "to_html", "to_json", "to_latex"}
    | {"to_markdown", "to_netcdf", "to_parquet", "to_pickle", "to_stata", "to_xml", "write_csv", "write_html"}
    | {"write_image", "write_json", "write_parquet"}
)
"""Methods, of whatever object, that write the path given first; without it they return a string."""

PATH_READING_METHODS = frozenset({"glob", "iterdir", "read_bytes", "read_text", "rglob", "walk"})
PATH_WRITING_METHODS = frozenset(
    {"chmod", "hardlink_to", "mkdir", "rename", "replace", "rmdir", "symlink_to", "touch", "unlink"}
    | {"write_bytes", "write_text"}
)
"""Methods of a ``pathlib.Path``."""

COMMAND_PREFIXES = (
    "asyncio.create_subprocess_",
    "os.exec",
    "os.fork",
    "os.kill",
    "os.popen",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "pexpect.",
    "pty.",
    "subprocess.",
    "webbrowser.open",
)
COMMAND_MAGICS = frozenset({"!", "bash", "cmd", "conda", "perl", "pip", "ruby", "script", "sh", "sx", "system", "uv"})
_COMMAND_VALUES = frozenset(
    {"subprocess.CalledProcessError", "subprocess.DEVNULL", "subprocess.PIPE", "subprocess.STDOUT"}
    | {"subprocess.SubprocessError", "subprocess.TimeoutExpired", "subprocess.CompletedProcess"}
)


def is_command(name: str) -> bool:
    """Whether a dotted name runs a command or acts on processes."""
    return name.startswith(COMMAND_PREFIXES) and name not in _COMMAND_VALUES and "()" not in name


DYNAMIC_NAMES = frozenset(
    {"__builtins__", "__import__", "builtins", "builtins.compile", "builtins.eval", "builtins.exec", "code.interact"}
    | {"builtins.__import__", "cloudpickle.load", "cloudpickle.loads", "compile", "dill.load", "dill.loads", "eval"}
    | {"exec", "gc.get_objects", "gc.get_referrers", "importlib.__import__", "importlib.import_module"}
    | {"inspect.currentframe", "inspect.stack", "joblib.load", "marshal.load", "marshal.loads", "pandas.read_pickle"}
    | {"pickle.Unpickler", "pickle.load", "pickle.loads", "runpy.run_module", "runpy.run_path", "shelve.open"}
    | {"sys._getframe", "sys.meta_path", "sys.modules", "sys.path_hooks", "sys.settrace", "torch.load"}
    | {"types.CodeType", "types.FunctionType", "yaml.load", "yaml.unsafe_load"}
)
DYNAMIC_PACKAGES = frozenset({"_ctypes", "builtins", "cffi", "ctypes"})
DYNAMIC_ATTRIBUTES = frozenset(
    {"__builtins__", "__closure__", "__code__", "__globals__", "__loader__", "__subclasses__", "f_builtins"}
    | {"f_globals", "f_locals", "gi_frame", "run_cell", "run_code"}
)

CONCURRENCY = frozenset(
    {"asyncio.create_task", "asyncio.ensure_future", "asyncio.run_coroutine_threadsafe", "asyncio.to_thread"}
    | {"concurrent.futures.ProcessPoolExecutor", "concurrent.futures.ThreadPoolExecutor", "multiprocessing.Pool"}
    | {"multiprocessing.Process", "threading.Thread", "threading.Timer", "multiprocessing.pool.ThreadPool"}
    | {"_thread.start_new_thread", "joblib.Parallel"}
)
CONCURRENCY_METHODS = frozenset({"call_at", "call_later", "create_task", "run_in_executor"})

PROMPTS = frozenset(
    {"breakpoint", "getpass.getpass", "input", "pdb.set_trace", "raw_input", "sys.stdin.read", "sys.stdin.readline"}
)

SCRIPT_CALLS = frozenset(
    {"IPython.display.Javascript", "IPython.display.display_javascript", "IPython.display.HTML.js"}
)
SCRIPT_PACKAGES = frozenset(
    {
        "altair",
        "anywidget",
        "bokeh",
        "drawdata",
        "folium",
        "hvplot",
        "ipyreact",
        "ipyvue",
        "ipyvuetify",
        "itables",
        "lonboard",
        "panel",
        "plotly",
        "pyvis",
        "quak",
        "vuetify",
    }
)
"""Packages that send their JavaScript from the kernel, or compile templates in the page; an installed extension of
the client, as bqplot or ipydatagrid have, needs neither."""
SCRIPT_FORMS = ("application/vnd.vega.", "application/vnd.vegalite.")
"""How the forms of output begin whose renderer compiles what they hold into scripts."""
SCRIPT_MAGICS = frozenset({"javascript", "js"})
PAGE_MAGICS = frozenset({"HTML", "html", "markdown", "svg", "SVG"})
BROWSER_URL_CALLS: dict[str, int] = {
    "IPython.display.IFrame": 0,
    "IPython.display.Image": 0,
    "ipywidgets.Image.from_url": 0,
    "ipywidgets.Video.from_url": 0,
    "ipywidgets.Audio.from_url": 0,
}
"""Calls whose URL is loaded by the browser, not by the kernel."""
BROWSER_PACKAGES: dict[str, tuple[str, ...]] = {
    "ipyleaflet": ("tile.openstreetmap.org",),
    "folium": ("cdn.jsdelivr.net",),
}
"""Packages whose widgets load from elsewhere in the browser → from which hosts by default."""
BROWSER_CALLS: dict[str, str] = {
    "IPython.display.YouTubeVideo": "www.youtube.com",
    "IPython.display.VimeoVideo": "vimeo.com",
}

SAME = {"IPython.core.display": "IPython.display", "IPython.lib.display": "IPython.display"}
"""Modules whose names are known by those of another."""
STARRED = SCRIPT_CALLS | BROWSER_URL_CALLS.keys() | BROWSER_CALLS.keys() | URL_CALLS.keys() | HOST_CALLS.keys()
"""Calls that are known where a name of ``import *`` is one of them."""

HANDLES = frozenset({"io.BytesIO", "io.StringIO", "open", "tempfile.NamedTemporaryFile", "tempfile.TemporaryFile"})
"""Calls whose result stands for content or a file already counted, when it is given where a path could be."""
