"""Interrupts of a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

STUBBORN = """
import asyncio, time
from microapps.cli.interrupts import on_interrupt

async def main():
    with on_interrupt(lambda: print("asked", flush=True)):
        print("ready", flush=True)
        await asyncio.sleep(0.2)
        while True:
            {wait}

asyncio.run(main())
"""


def stubborn(wait: str) -> subprocess.Popen[str]:
    """A process that does not stop when asked."""
    process = subprocess.Popen([sys.executable, "-c", STUBBORN.format(wait=wait)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_the_first_asks_and_the_second_ends_it() -> None:
    process = stubborn("await asyncio.sleep(60)")
    assert process.stdout is not None
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "asked\n"
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130


def test_the_second_ends_even_a_loop_that_is_stuck() -> None:
    process = stubborn("time.sleep(60)")
    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)  # two signals at once are one
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
