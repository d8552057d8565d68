"""Many open files are waited for at once, and each hears of its own events alone."""

from __future__ import annotations

import os

from microapps.sandbox.inside.files import Files


def test_a_file_with_the_number_of_one_that_was_left_does_not_hear_of_its_event() -> None:
    files, done = Files(), list[str]()
    pipes = [os.pipe(), os.pipe()]
    fresh: list[int] = []

    def replace_other(name: str, other: int) -> None:
        done.append(name)
        if len(done) == 1:
            files.leave(other)
            reads, writes = os.pipe()
            os.dup2(reads, other)
            fresh.extend((reads, writes))
            files.watch(other, lambda: done.append("new"))

    for number, (reads, writes) in enumerate(pipes):
        other = pipes[1 - number][0]
        files.watch(reads, lambda name=f"old {number}", other=other: replace_other(name, other))  # type: ignore[misc]
        os.write(writes, b"x")
    files.wait(0.1)
    assert len(done) == 1
    os.write(fresh[1], b"x")
    files.wait(0.1)
    assert sorted(done[1:]) == sorted([done[0], "new"])
    for fd in (*fresh, *(fd for pipe in pipes for fd in pipe)):
        os.close(fd)


def test_what_is_to_be_done_can_be_replaced_while_its_event_is_there() -> None:
    files, done = Files(), list[str]()
    reads, writes = os.pipe()
    files.watch(reads, lambda: done.append("first"))
    files.watch(reads, lambda: done.append("second"))
    os.write(writes, b"x")
    files.wait(0.1)
    files.leave(reads)
    files.wait(0.0)
    assert done == ["second"]
    os.close(reads)
    os.close(writes)
