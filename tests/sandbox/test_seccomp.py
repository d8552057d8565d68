"""The filter's tables and program, for both machines, judged by a small interpreter of classic BPF."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from microapps.sandbox.inside.seccomp import DENIED, SPECIAL, Instruction, encode, program

ALLOW, EPERM, ENOSYS, EOPNOTSUPP, KILL = 0x7FFF0000, 0x50001, 0x50000 | 38, 0x50000 | 95, 0x80000000
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
COLUMN = {"x86_64": 0, "aarch64": 1}
HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}


def judge(instructions: list[Instruction], machine: str, number: int, *arguments: int) -> int:
    """Run the filter on one system call."""
    words = {0: number, 4: AUDIT[machine]} | {16 + 8 * n: value & 0xFFFFFFFF for n, value in enumerate(arguments)}
    accumulator = position = 0
    while True:
        code, if_true, if_false, constant = instructions[position]
        position += 1
        if code == 0x20:
            accumulator = words.get(constant, 0)
        elif code == 0x54:
            accumulator &= constant
        elif code == 0x06:
            return constant
        else:
            holds = {0x15: accumulator == constant, 0x35: accumulator >= constant, 0x45: bool(accumulator & constant)}
            position += if_true if holds[code] else if_false


@pytest.mark.parametrize("machine", COLUMN)
@pytest.mark.parametrize("internet", [True, False])
def test_what_is_denied_is_denied(machine: str, internet: bool) -> None:
    made = program(machine, internet=internet)
    for name, numbers in DENIED.items():
        if (number := numbers[COLUMN[machine]]) is not None:
            assert judge(made, machine, number) == EPERM, name
    assert judge(made, machine, SPECIAL["clone3"][COLUMN[machine]]) == ENOSYS


@pytest.mark.parametrize("machine", COLUMN)
@pytest.mark.parametrize(
    ("name", "arguments", "without", "internet"),
    [
        ("socket", (1, 1), ALLOW, ALLOW),
        ("socket", (2, 1), EOPNOTSUPP, ALLOW),
        ("socket", (10, 1 | 0o2000000), EOPNOTSUPP, ALLOW),
        ("socket", (2, 2), EOPNOTSUPP, EOPNOTSUPP),
        ("socket", (2, 3), EOPNOTSUPP, EOPNOTSUPP),
        ("socket", (16, 3), EOPNOTSUPP, EOPNOTSUPP),
        ("socket", (40, 1), EOPNOTSUPP, EOPNOTSUPP),
        ("socketpair", (1, 1), ALLOW, ALLOW),
        ("socketpair", (2, 1), EOPNOTSUPP, EOPNOTSUPP),
        ("clone", (0x01200011,), ALLOW, ALLOW),
        ("clone", (0x10000000,), EPERM, EPERM),
        ("clone", (0x00020000,), EPERM, EPERM),
        ("clone", (0x003D0F00,), ALLOW, ALLOW),
        ("clone", (0x003D0F00 & ~0x400,), EPERM, EPERM),
        ("prlimit64", (0, 7), ALLOW, ALLOW),
        ("prlimit64", (1, 7), EPERM, EPERM),
        ("ioctl", (0, 0x5423), EPERM, EPERM),
        ("ioctl", (0, 0x5413), ALLOW, ALLOW),
        ("ioctl", (0, 0x5412), EPERM, EPERM),
        ("ioctl", (0, 0x541C), EPERM, EPERM),
    ],
)
def test_what_is_judged_by_its_arguments(
    machine: str, name: str, arguments: tuple[int, ...], without: int, internet: int
) -> None:
    number = SPECIAL[name][COLUMN[machine]]
    assert judge(program(machine, internet=False), machine, number, *arguments) == without
    assert judge(program(machine, internet=True), machine, number, *arguments) == internet


@pytest.mark.parametrize("machine", COLUMN)
@pytest.mark.parametrize(
    ("name", "arguments", "verdict"),
    [
        ("connect", (3, 0, 110), EPERM),
        ("socket", (1, 1), ALLOW),
        ("socket", (1, 5 | 0o2004000), ALLOW),
        ("socket", (1, 2), EOPNOTSUPP),
        ("socket", (1, 2 | 0o2000000), EOPNOTSUPP),
        ("socket", (1, 3), EOPNOTSUPP),
        ("socket", (2, 1), EOPNOTSUPP),
        ("socketpair", (1, 1 | 0o2000000), ALLOW),
        ("socketpair", (1, 2), EOPNOTSUPP),
        ("socketpair", (1, 3), EOPNOTSUPP),
        ("socketpair", (2, 1), EOPNOTSUPP),
        ("ioctl", (0, 0x5413), ALLOW),
    ],
)
def test_where_all_sockets_are_in_sight_none_is_reached(
    machine: str, name: str, arguments: tuple[int, ...], verdict: int
) -> None:
    made = program(machine, internet=False, connects=False)
    assert judge(made, machine, SPECIAL[name][COLUMN[machine]], *arguments) == verdict


@pytest.mark.parametrize("machine", COLUMN)
def test_a_contained_loopback_may_be_connected_to(machine: str) -> None:
    for internet in (True, False):
        assert judge(program(machine, internet=internet), machine, SPECIAL["connect"][COLUMN[machine]], 3) == ALLOW


def test_ordinary_calls_are_allowed() -> None:
    for machine, read_write_open_mmap in (("x86_64", (0, 1, 257, 9)), ("aarch64", (63, 64, 56, 222))):
        for number in read_write_open_mmap:
            assert judge(program(machine, internet=False), machine, number) == ALLOW


def test_another_machines_calls_end_the_process() -> None:
    assert judge(program("x86_64", internet=False), "aarch64", 0) == KILL


def test_the_x32_variants_of_calls_do_not_exist() -> None:
    assert judge(program("x86_64", internet=False), "x86_64", 0x40000000 | 101) == ENOSYS


@pytest.mark.parametrize("machine", COLUMN)
def test_calls_that_are_newer_than_the_tables_do_not_exist(machine: str) -> None:
    made = program(machine, internet=True)
    assert judge(made, machine, 462) == ALLOW
    assert {judge(made, machine, number) for number in (463, 470, 600)} == {ENOSYS}


@pytest.mark.parametrize("machine", COLUMN)
def test_no_number_is_named_twice(machine: str) -> None:
    numbers = [n for table in (DENIED, SPECIAL) for row in table.values() if (n := row[COLUMN[machine]]) is not None]
    assert len(numbers) == len(set(numbers))


def test_newer_calls_have_one_number_everywhere() -> None:
    assert all(x86 == arm for x86, arm in DENIED.values() if x86 is not None and x86 >= 424)


def test_the_program_fits_what_linux_takes() -> None:
    for machine in COLUMN:
        made = program(machine, internet=True, connects=False)
        assert len(encode(made)) == 8 * len(made) <= 8 * 4096
        assert all(if_true < 256 and if_false < 256 for _, if_true, if_false, _ in made)


@pytest.mark.parametrize("machine", COLUMN)
def test_the_numbers_are_those_of_linuxs_headers(machine: str) -> None:
    header = next((Path(name) for name in HEADERS[machine] if Path(name).exists()), None)
    if header is None:
        pytest.skip("Linux's headers are not installed")
    known = {name: int(number) for name, number in re.findall(r"#define __NR_(\w+)\s+(\d+)", header.read_text())}
    for table in (DENIED, SPECIAL):
        for name, row in table.items():
            if name in known:
                assert row[COLUMN[machine]] == known[name], name
