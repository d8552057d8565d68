"""Several visitors are several processes on one file; one may be killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from microapps.runtime import Store

HEAD = """
import sys
from microapps.runtime import Store
store = Store(sys.argv[1])
"""
COUNT = """
for _ in range(100):
    store.update("count", lambda n: n + 1, 0)
    store.table("entries").add(who=sys.argv[2])
"""
PAIRS = """
number = 0
while True:
    number += 1
    with store.transaction():
        store["left"] = number
        store.table("log").add(number=number, text="x" * 3000)
        store["right"] = number
    print(number, flush=True)
"""


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HEAD + code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    visitors = [run(COUNT, str(tmp_path), str(number)) for number in range(5)]  # the file is not there yet
    for visitor in visitors:
        _, errors = visitor.communicate(timeout=120)
        assert visitor.returncode == 0, errors
    store = Store(tmp_path)
    assert store["count"] == 500
    entries = store.table("entries")
    assert {who: len(entries.rows(who=who)) for who in "01234"} == dict.fromkeys("01234", 100)
    store.close()


def test_a_killed_process_leaves_whole_changes_and_no_lock(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for round_ in range(12):
        visitor = run(PAIRS, str(tmp_path))
        assert visitor.stdout is not None
        visitor.stdout.readline()
        time.sleep(0.003 * round_)
        visitor.kill()
        told = visitor.stdout.read().split()
        visitor.communicate()
        began = time.monotonic()
        store.update("rounds", lambda n: n + 1, 0)
        assert time.monotonic() - began < 5
        assert store["left"] == store["right"] == store.table("log").rows()[-1]["number"]
        assert not told or store["left"] >= int(told[-1])  # what was said to be done is there
        store.table("log").clear()
    assert store["rounds"] == 12
    assert store._read("PRAGMA integrity_check") == [("ok",)]
    store.close()


def test_a_fork_opens_the_file_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store["a"] = 1
    child = os.fork()
    if child == 0:
        try:
            store.update("a", lambda n: n + 1)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    store.update("a", lambda n: n + 1)
    assert store["a"] == 3
    store.close()


def test_a_process_stopped_in_a_change_is_waited_for_only_so_long(tmp_path: Path) -> None:
    code = "with store.transaction():\n    store['a'] = 1\n    print('in', flush=True)\n    sys.stdin.read()"
    command = [sys.executable, "-c", HEAD + code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as visitor:
        assert visitor.stdout is not None
        assert visitor.stdout.readline() == b"in\n"
        visitor.send_signal(signal.SIGSTOP)
        store = Store(tmp_path)
        assert store.get("a") is None
        visitor.kill()
    store["a"] = 2
    assert store["a"] == 2
    store.close()
