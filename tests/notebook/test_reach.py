from __future__ import annotations

import time
from pathlib import Path

import pytest

from microapps.notebook import MicroApp, Origin, ReachKind, compose, proposed_permissions, reach


def found(source: str, kind: ReachKind) -> list[str]:
    return [item.detail for item in reach(source).of(kind)]


def test_imports_are_told_apart_by_where_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("")
    source = (
        "import os.path\nimport ipywidgets as w\nfrom pandas.io import json\nimport beside\nimport no_such_package\n"
    )
    items = reach(source, folder=tmp_path).imports
    assert [(item.detail, item.origin, item.installed) for item in items] == [
        ("os", Origin.STANDARD, True),
        ("ipywidgets", Origin.WIDGETS, True),
        ("pandas", Origin.THIRD_PARTY, True),
        ("beside", Origin.LOCAL, True),
        ("no_such_package", Origin.THIRD_PARTY, False),
    ]


@pytest.mark.parametrize(("backend", "package"), [("widget", ["ipympl"]), ("ipympl", ["ipympl"]), ("inline", [])])
def test_what_draws_figures_that_move_is_a_package_like_any(backend: str, package: list[str]) -> None:
    assert found(f"%matplotlib {backend}", ReachKind.IMPORT) == package


@pytest.mark.parametrize(
    ("source", "host"),
    [
        ("import requests\nrequests.get('https://api.example.org/x')", "api.example.org:443"),
        ("import requests as r\nr.post(url='http://api.example.org:8080')", "api.example.org:8080"),
        ("from requests import get\nget('https://api.example.org')", "api.example.org:443"),
        ("import requests\ns = requests.Session()\ns.get('https://api.example.org')", "api.example.org:443"),
        ("import requests\nwith requests.Session() as s:\n    s.get('https://api.example.org')", "api.example.org:443"),
        ("import httpx\nasync with httpx.AsyncClient() as c:\n    await c.get('https://b.example.org')",
         "b.example.org:443"),
        ("import httpx\nhttpx.stream('GET', 'https://a.example.org')", "a.example.org:443"),
        ("from urllib.request import urlopen\nurlopen('http://a.example.org')", "a.example.org:80"),
        ("import urllib.request as u\nu.urlretrieve('http://a.example.org')", "a.example.org:80"),
        ("import http.client\nhttp.client.HTTPSConnection('a.example.org')", "a.example.org:443"),
        ("import socket\nsocket.create_connection(('a.example.org', 99))", "a.example.org:99"),
        ("import socket\ns = socket.socket()\ns.connect(('a.example.org', 99))", "a.example.org:99"),
        ("import smtplib\nsmtplib.SMTP_SSL('mail.example.org')", "mail.example.org:465"),
        ("import websockets\nwebsockets.connect('wss://a.example.org/s')", "a.example.org:443"),
        ("import pandas as pd\npd.read_csv('https://a.example.org/x.csv')", "a.example.org:443"),
        ("import requests\nU = 'https://a.example.org'\nrequests.get(U + '/x')", "a.example.org:443"),
        ("import requests\nrequests.get(f'https://a.example.org/{page}')", "a.example.org:443"),
        ("import requests\nU = 'https://a.example.org'\nrequests.get(f'{U}/{page}')", "a.example.org:443"),
        ("import requests\nrequests.get('https://a.example.org/{}'.format(page))", "a.example.org:443"),
        ("import requests\nrequests.get('https://a.example.org/%s' % page)", "a.example.org:443"),
        ("import requests\nclass A:\n    def f(self):\n        self.s = requests.Session()\n        "
         "self.s.get('https://a.example.org')", "a.example.org:443"),
        ("import openai", "api.openai.com:443"),
    ],
)  # fmt: skip
def test_a_host_is_read_off(source: str, host: str) -> None:
    assert [f"{item.detail}:{item.port}" for item in reach(source).hosts] == [host]


@pytest.mark.parametrize(
    "address", ["url", "f'https://{sub}.example.org/'", "'https://a.' + rest", "input()", "urls[0]", "'no address'"]
)
def test_a_host_that_only_running_code_knows_is_said_to_be(address: str) -> None:
    (item,) = reach(f"import requests\nrequests.get({address})").hosts
    assert item.detail == ""
    assert "only the running code knows" in item.sentence()


def test_addresses_in_the_code_count_when_something_connects_to_an_unknown_host() -> None:
    source = 'import requests\ndef get(u):\n    """See https://docs.example.org."""\n    return requests.get(u)\nget("https://a.example.org")'
    assert found(source, ReachKind.HOST) == ["", "a.example.org"]
    assert found('link = "https://a.example.org"', ReachKind.HOST) == []


@pytest.mark.parametrize(
    ("source", "file", "writes"),
    [
        ("open('a.txt')", "a.txt", False),
        ("open('a.txt', 'w')", "a.txt", True),
        ("open('a.txt', mode='r+')", "a.txt", True),
        ("open(name)", "", False),
        ("open(f'logs/{day}.txt', 'a')", "logs/", True),
        ("from pathlib import Path\nPath('a.txt').read_text()", "a.txt", False),
        ("from pathlib import Path\n(Path('d') / 'a.txt').write_text('')", "d/a.txt", True),
        ("from pathlib import Path\np = Path('d')\n(p / 'a.txt').open('w')", "d/a.txt", True),
        ("import pathlib\npathlib.Path.home().iterdir()", "~", False),
        ("import os\nopen(os.path.join('d', 'a.txt'))", "d/a.txt", False),
        ("import pandas as pd\npd.read_excel('a.xlsx')", "a.xlsx", False),
        ("df.to_csv('out.csv')", "out.csv", True),
        ("import matplotlib.pyplot as plt\nplt.savefig('a.png')", "a.png", True),
        ("import numpy as np\nnp.loadtxt('a.txt')", "a.txt", False),
        ("import sqlite3\nsqlite3.connect('a.db')", "a.db", True),
        ("import shutil\nshutil.rmtree('d')", "d", True),
        ("import os\nos.listdir()", ".", False),
        ("from PIL import Image\nImage.open('a.png')", "a.png", False),
        ("%%writefile a.py\nx = 1", "a.py", True),
    ],
)  # fmt: skip
def test_a_file_is_read_off(source: str, file: str, writes: bool) -> None:
    assert [(item.detail, item.writes) for item in reach(source).files] == [(file, writes)]


@pytest.mark.parametrize(
    "source",
    [
        "import io, pandas as pd\npd.read_csv(io.BytesIO(content))",
        "import io, pandas as pd\nbuffer = io.StringIO()\ndf.to_csv(buffer)",
        "df.to_csv()",
        "df.to_csv(None)",
        "import sqlite3\nsqlite3.connect(':memory:')",
        "import tempfile\nopen(tempfile.mktemp(), 'w')",
        "image.open()",
        "'a'.replace('b', 'c')",
    ],
)
def test_what_is_no_file_is_not_taken_for_one(source: str) -> None:
    assert reach(source).files == ()


def test_a_file_that_was_opened_is_counted_once() -> None:
    assert found("import pandas as pd\nwith open('a.csv') as f:\n    pd.read_csv(f)", ReachKind.FILE) == ["a.csv"]


@pytest.mark.parametrize(
    ("source", "command"),
    [
        ("import subprocess\nsubprocess.run(['ls', '-l'])", "ls -l"),
        ("import subprocess as sp\nsp.check_output('ls')", "ls"),
        ("from os import system\nsystem('ls ' + folder)", "ls …"),
        ("import os\nos.popen(what)", ""),
        ("import os\nlist(map(os.system, names))", ""),
        ("!pip install x", "pip install x"),
        ("%pip install x", "pip install x"),
        ("x = !ls", "ls"),
        ("%%bash\nls", "ls"),
        ("import asyncio\nawait asyncio.create_subprocess_exec('ls')", "ls"),
    ],
)
def test_a_command_is_read_off(source: str, command: str) -> None:
    assert found(source, ReachKind.COMMAND) == [command]


@pytest.mark.parametrize(
    "source",
    [
        "eval('1')",
        "run = exec",
        "compile(text, '', 'exec')",
        "__import__('os')",
        "import importlib\nimportlib.import_module(name)",
        "import ctypes",
        "import pickle\npickle.loads(content)",
        "import builtins",
        "import os\ngetattr(os, name)",
        "().__class__.__base__.__subclasses__()",
        "f.__globals__",
        "import sys\nsys.modules['os']",
        "get_ipython().run_cell(text)",
        "get_ipython().run_line_magic(name, '')",
        "%run other.py",
    ],
)
def test_what_makes_reading_useless_is_said(source: str) -> None:
    assert reach(source).dynamic


@pytest.mark.parametrize("source", ["re.compile('x')", "df.eval('a + b')", "model.eval()", "getattr(self, name)"])
def test_ordinary_code_is_not_called_dynamic(source: str) -> None:
    assert reach(f"import re\n{source}").dynamic == ()


@pytest.mark.parametrize(
    ("source", "kind", "detail"),
    [
        ("import os\nos.environ['KEY']", ReachKind.ENVIRONMENT, "KEY"),
        ("import os\nos.getenv('KEY')", ReachKind.ENVIRONMENT, "KEY"),
        ("from os import environ\nenviron.get('KEY', '')", ReachKind.ENVIRONMENT, "KEY"),
        ("import os\ndict(os.environ)", ReachKind.ENVIRONMENT, ""),
        ("%env KEY=1", ReachKind.ENVIRONMENT, "KEY"),
        ("import threading\nthreading.Thread(target=f)", ReachKind.CONCURRENCY, "threading.Thread"),
        ("from concurrent.futures import ThreadPoolExecutor as T\nT()", ReachKind.CONCURRENCY,
         "concurrent.futures.ThreadPoolExecutor"),
        ("loop.run_in_executor(None, f)", ReachKind.CONCURRENCY, "run_in_executor"),
        ("from IPython.display import Javascript\nJavascript('x')", ReachKind.SCRIPT, "IPython.display.Javascript"),
        ("from IPython.display import *\nJavascript('x')", ReachKind.SCRIPT, "IPython.display.Javascript"),
        ("from IPython.core.display import *\nJavascript('')", ReachKind.SCRIPT, "IPython.display.Javascript"),
        ("h = '<script>x</script>'", ReachKind.SCRIPT, "a <script> element"),
        ("h = '<img onerror=\"x\">'", ReachKind.SCRIPT, "the attribute onerror"),
        ("%%javascript\nx", ReachKind.SCRIPT, "%%javascript"),
        ("%%html\n<script>x</script>", ReachKind.SCRIPT, "a <script> element"),
        ("show({'application/vnd.vegalite.v5+json': bars})", ReachKind.SCRIPT,
         "what draws application/vnd.vegalite.v5+json"),
        ("class W:\n    _esm = 'export default {}'", ReachKind.SCRIPT, "the front end of a widget (_esm)"),
        ("h = '<img src=\"https://a.example.org/x.png\">'", ReachKind.REMOTE, "a.example.org"),
        ("h = f'<img src=\"//a.example.org/{x}\">'", ReachKind.REMOTE, "a.example.org"),
        ("from IPython.display import YouTubeVideo\nYouTubeVideo('x')", ReachKind.REMOTE, "www.youtube.com"),
        ("from IPython.display import IFrame\nIFrame('https://b.org', 1, 2)", ReachKind.REMOTE, "b.org"),
        ("from IPython.display import *\nIFrame('https://b.org', 1, 2)", ReachKind.REMOTE, "b.org"),
        ("from IPython.lib.display import *\nYouTubeVideo('x')", ReachKind.REMOTE, "www.youtube.com"),
        ("input('name')", ReachKind.PROMPT, "input"),
        ("from getpass import getpass\ngetpass()", ReachKind.PROMPT, "getpass.getpass"),
        ("def f(:", ReachKind.UNREADABLE, "invalid syntax"),
    ],
)  # fmt: skip
def test_other_reach_is_read_off(source: str, kind: ReachKind, detail: str) -> None:
    assert found(source, kind) == [detail]


def test_a_link_that_is_only_followed_loads_nothing() -> None:
    assert found("h = '<a href=\"https://a.example.org\">x</a>'", ReachKind.REMOTE) == []


def test_markdown_is_read_as_a_page() -> None:
    app = compose(title="x", about="# x\n\n<script>x</script>", imports="", logic="", ui="", tests="")
    (item,) = reach(app).of(ReachKind.SCRIPT)
    assert (item.cell, item.line) == ("about", 3)


def test_items_name_cell_and_line_in_the_order_of_the_notebook() -> None:
    app = compose(title="x", about="", imports="import os", logic="\nos.system('a')", ui="eval('b')", tests="")
    assert [(item.cell, item.line, item.kind.value) for item in reach(app).items] == [
        ("imports", 1, "import"),
        ("logic", 2, "command"),
        ("ui", 1, "dynamic"),
    ]


def test_tests_are_read_only_when_asked_for() -> None:
    app = compose(title="x", about="", imports="", logic="", ui="", tests="open('a')")
    assert reach(app).items == ()
    assert len(reach(app, tests=True).files) == 1


@pytest.mark.parametrize(
    ("caught", "needed"),
    [
        ("except ImportError", False),
        ("except (OSError, ModuleNotFoundError)", False),
        ("except", True),
        ("except Exception", True),
        ("except OSError", True),
        ("finally", True),
    ],
)
def test_what_the_code_can_do_without_is_not_needed(caught: str, needed: bool) -> None:
    source = f"try:\n    from nothing_here import x\n{caught}:\n    x = None\nimport other_nothing"
    assert [item.needed for item in reach(source).imports] == [needed, True]


def test_every_kind_has_a_sentence() -> None:
    source = (
        "import os, requests, threading, nothing_here\nrequests.get('https://a.org')\nopen('x')\nos.system('x')\neval('x')\n"
        "os.getenv('X')\nthreading.Thread()\nh = '<script src=\"https://b.org/x.js\">'\ninput()"
    )
    sentences = [item.sentence() for item in reach(source).items]
    assert "Line 2 connects to a.org on port 443 (requests.get)." in sentences
    assert "Line 1 uses the package nothing_here, which is not installed." in sentences
    assert all(sentence.startswith("Line ") and sentence.endswith(".") for sentence in sentences)


def test_permissions_are_proposed_for_what_was_read_off(app: MicroApp, tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("")
    source = (
        "import requests, numpy, beside, os\nrequests.get('https://b.org')\nrequests.get('https://a.org')\n"
        "open('in.csv')\nopen('out.csv')\nopen('out.csv', 'w')\nopen('/tmp/x', 'w')\nopen('../up.csv')\nopen(name)\n"
        "open('~/notes.txt')\nimport glob\nglob.glob('data/*.csv')\nopen('/dev/null')"
    )
    asked = proposed_permissions(reach(source, folder=tmp_path), tmp_path)
    assert [str(host) for host in asked.hosts] == ["a.org:443", "b.org:443"]
    assert {(file.path, file.mode) for file in asked.files} == {
        (str(tmp_path / "beside.py"), "read"),
        (str(tmp_path / "in.csv"), "read"),
        (str(tmp_path / "out.csv"), "read-write"),
        (str(tmp_path.parent / "up.csv"), "read"),
        (str(tmp_path / "data"), "read"),
        (str(Path.home() / "notes.txt"), "read"),
    }
    assert asked.packages == ("numpy", "requests")


def test_hosts_that_are_no_names_are_not_proposed(tmp_path: Path) -> None:
    source = "import requests\nrequests.get('https://bad_host!/x')\nrequests.get('https://[::1]/')"
    assert [host.name for host in proposed_permissions(reach(source), tmp_path).hosts] == ["::1"]


def test_names_bound_twice_to_different_texts_are_known_by_neither() -> None:
    source = "import requests\nU = 'https://a.org'\nU = 'https://b.org'\nrequests.get(U)"
    assert found(source, ReachKind.HOST) == ["a.org", "b.org", ""]


@pytest.mark.parametrize(
    "source",
    [
        "\n".join(f"a{n} = a{n + 1} + a{n + 1}" for n in range(2000)) + "\nopen(a0)",
        "a = b\nb = a\nopen(a)\nc = c()\nc.get()",
        "x = '''" + "<img " * 60_000 + "'''",
        "x = '''" + "<script " * 30_000 + "'''",
        "a" + ".b" * 20_000 + "()",
        "x = " + "-" * 900 + "1",
        "open(" + "f(" * 150 + ")" * 150 + ")",
    ],
)
def test_hostile_source_ends_soon(source: str) -> None:
    begun = time.monotonic()
    reach(source)
    assert time.monotonic() - begun < 15


def test_a_broken_cell_does_not_hide_the_others() -> None:
    app = compose(title="x", about="", imports="def (", logic="eval('x')", ui="", tests="")
    assert [item.kind for item in reach(app).items] == [ReachKind.UNREADABLE, ReachKind.DYNAMIC]
