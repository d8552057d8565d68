"""Importing the runtime costs little and brings nothing of the rest along."""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import json, sys, time
import base64, datetime, decimal, pathlib, socket, sqlite3, threading  # what any kernel has imported already
before, began = set(sys.modules), time.process_time()
import microapps.runtime
seconds = time.process_time() - began
print(json.dumps([seconds, sorted(set(sys.modules) - before)]))
"""


def test_it_imports_in_milliseconds_and_only_itself() -> None:
    runs = [json.loads(subprocess.check_output([sys.executable, "-c", CODE])) for _ in range(3)]
    assert min(seconds for seconds, _ in runs) < 0.05
    brought = {name for name in runs[0][1] if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name for name in brought if not name.startswith("microapps.runtime")} == {"microapps", "microapps._version"}
