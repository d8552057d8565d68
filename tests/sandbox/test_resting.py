"""The program that rests: what it is made of, and that it does nothing until it is killed."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time

import psutil
import pytest

from microapps.sandbox.inside import resting
from microapps.sandbox.inside.system import MACHINE

BOTH_WAYS = pytest.mark.parametrize("given", ["program()", "-1"])
"""As machine code, and where that cannot be run."""


@pytest.mark.skipif(not MACHINE, reason="no program is known for this machine")
@BOTH_WAYS
def test_it_rests_with_no_file_open_whatever_it_is_sent_and_reaps_its_children(given: str) -> None:
    source = (
        f"import os; from microapps.sandbox.inside.resting import program, rest; fd = {given}; "
        "os.fork() or os.execv('/bin/sleep', ['sleep', '0.2']); os.write(1, b'x'); rest(fd)"
    )
    process = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE)
    seen = psutil.Process(process.pid)
    assert process.stdout is not None
    try:
        assert process.stdout.read() == b"x"  # and its end: the program holds no file, nor does the child
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            process.send_signal(number)
        while seen.children():
            psutil.wait_procs(seen.children(), timeout=5)
        for _ in range(1000):  # it has just taken in a child, and is awake for that
            if seen.status() == psutil.STATUS_SLEEPING:
                break
            time.sleep(0.01)
        assert seen.status() == psutil.STATUS_SLEEPING
        assert process.poll() is None
        assert seen.num_fds() == 0
        assert (seen.memory_full_info().uss < 200_000) is (given != "-1")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_program_is_one_file_that_is_loaded_whole_and_begins_at_its_code(machine: str) -> None:
    image = resting.image(machine)
    assert image[:7] == b"\x7fELF\x02\x01\x01"
    begins = struct.unpack_from("<Q", image, 24)[0]
    offset, at = struct.unpack_from("<QQ", image, 64 + 8)
    size = struct.unpack_from("<Q", image, 64 + 32)[0]
    assert (offset, size) == (0, len(image))
    assert image[begins - at :] == resting._MACHINES[machine][1]


def test_a_machine_without_a_program_rests_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resting, "MACHINE", "")
    assert resting.program() == -1

    def refused(*_: object) -> int:
        raise PermissionError

    monkeypatch.undo()
    monkeypatch.setattr(os, "memfd_create", refused)
    assert resting.program() == -1
