"""Seccomp: the system calls a kernel may not make, as a classic BPF program.

A deny list answers EPERM for what no notebook needs (tracing, namespaces, mounts, io_uring, bpf, keys, memory that no
process shows as its own…); sockets are an allow list of families; calls that are newer than the tables do not exist.
What is refused answers an error and does not kill: libraries probe and fall back.
Numbers come from ``asm/unistd_64.h`` (x86_64) and ``asm-generic/unistd.h`` (aarch64).
The aarch64 column is tested for consistency only; it has not run on such a machine.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence
from functools import partial
from socket import AF_INET, AF_INET6, AF_UNIX, SOCK_SEQPACKET, SOCK_STREAM

from .system import MACHINE, syscall

_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_COLUMN = {"x86_64": 0, "aarch64": 1}

DENIED: dict[str, tuple[int | None, int | None]] = {
    "acct": (163, 89), "add_key": (248, 217), "adjtimex": (159, 171), "bpf": (321, 280), "chroot": (161, 51),
    "clock_adjtime": (305, 266), "clock_settime": (227, 112), "delete_module": (176, 106),
    "fanotify_init": (300, 262), "finit_module": (313, 273), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fsopen": (430, 430), "fspick": (433, 433), "init_module": (175, 105), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "io_uring_setup": (425, 425), "ioperm": (173, None), "iopl": (172, None),
    "kcmp": (312, 272), "kexec_file_load": (320, 294), "kexec_load": (246, 104), "keyctl": (250, 219),
    "listmount": (458, 458), "lookup_dcookie": (212, 18), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "migrate_pages": (256, 238), "modify_ldt": (154, None),
    "mount": (165, 40), "mount_setattr": (442, 442), "move_mount": (429, 429), "move_pages": (279, 239),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "msgctl": (71, 187), "msgget": (68, 186), "msgrcv": (70, 188),
    "msgsnd": (69, 189), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "open_tree": (428, 428),
    "perf_event_open": (298, 241), "pidfd_getfd": (438, 438), "pivot_root": (155, 41), "process_madvise": (440, 440),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "ptrace": (101, 117), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "reboot": (169, 142), "request_key": (249, 218), "semctl": (66, 191),
    "semget": (64, 190), "semop": (65, 193), "semtimedop": (220, 192), "setdomainname": (171, 162),
    "shmat": (30, 196), "shmctl": (31, 195), "shmget": (29, 194), "sethostname": (170, 161), "setns": (308, 268),
    "settimeofday": (164, 170), "statmount": (457, 457), "swapoff": (168, 225), "swapon": (167, 224),
    "syslog": (103, 116), "umount2": (166, 39), "unshare": (272, 97), "userfaultfd": (323, 282), "vhangup": (153, 58),
}  # fmt: skip
"""Refused with EPERM: name to number on (x86_64, aarch64); None where the machine has no such call."""

SPECIAL: dict[str, tuple[int, int]] = {
    "clone": (56, 220), "clone3": (435, 435), "connect": (42, 203), "ioctl": (16, 29), "prlimit64": (302, 261),
    "seccomp": (317, 277), "socket": (41, 198), "socketpair": (53, 199),
}  # fmt: skip
"""Calls that are judged by their arguments, or used here."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _KILL, _ERROR, _ASK = 0x7FFF0000, 0x80000000, 0x00050000, 0x7FC00000
_EPERM, _ENOSYS = 1, 38
_EOPNOTSUPP = 95  # not EAFNOSUPPORT: libzmq aborts on that
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24
_BEYOND = 463
"""The first call that was not known when these tables were made. From 424 on all machines have the same numbers."""
_SET_FILTER, _ALL_THREADS, _WITH_LISTENER = 1, 1, 8
_KIND = 0xF  # of a socket, without its flags
_NEW_NAMESPACES = 0x7E020080  # every CLONE_NEW… of clone(2), CLONE_NEWTIME included
_THREAD, _OPEN_FILES = 0x00010000, 0x00000400
_TIOCSTI, _TIOCLINUX, _TIOCSETD = 0x5412, 0x541C, 0x5423

Instruction = tuple[int, int, int, int]


def _refuse(number: int) -> Instruction:
    return (_RETURN, 0, 0, _ERROR | number)


def _unix(*, connects: bool) -> list[Instruction]:
    """Judges a socket or a pair of them that is to be made; see :func:`program`."""
    allow, refuse = (_RETURN, 0, 0, _ALLOW), _refuse(_EOPNOTSUPP)
    if connects:
        return [(_LOAD, 0, 0, _FIRST), (_EQUAL, 0, 1, int(AF_UNIX)), allow, refuse]
    return [
        (_LOAD, 0, 0, _FIRST),
        (_EQUAL, 0, 5, int(AF_UNIX)),
        (_LOAD, 0, 0, _SECOND),
        (_AND, 0, 0, _KIND),
        (_EQUAL, 1, 0, int(SOCK_STREAM)),
        (_EQUAL, 0, 1, int(SOCK_SEQPACKET)),
        allow,
        refuse,
    ]


def program(machine: str, *, internet: bool, connects: bool = True, asked: str = "") -> list[Instruction]:
    """The filter for ``machine`` as (code, jump if true, jump if false, constant).

    ``asked`` names the one call of :data:`DENIED` that is not refused but put to a listener (see :mod:`.asked`).

    Sockets are of the unix family only, and with ``internet`` also TCP over IPv4 and IPv6. (Within a network namespace
    of its own, that leads no further than the allow-listed proxy.)

    Without ``connects`` no socket reaches another by its path or name: none connects, and there are none of the kinds
    that can send without. That is for where every socket of the machine is in sight; a kernel itself only listens.
    """
    column = _COLUMN[machine]
    allow: Instruction = (_RETURN, 0, 0, _ALLOW)
    out: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _AUDIT[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _BEYOND),  # and the x32 variants of x86_64, far above
        _refuse(_ENOSYS),
    ]
    for name, numbers in DENIED.items():
        if (number := numbers[column]) is not None:
            out += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ASK) if name == asked else _refuse(_EPERM)]
    # The flags of clone3 are in memory a filter cannot read: "no such call" makes the C library use clone.
    out += [(_EQUAL, 0, 1, SPECIAL["clone3"][column]), _refuse(_ENOSYS)]
    if not connects:
        out += [(_EQUAL, 0, 1, SPECIAL["connect"][column]), _refuse(_EPERM)]
    out += [
        (_EQUAL, 0, 7, SPECIAL["clone"][column]),
        (_LOAD, 0, 0, _FIRST),
        (_ANY_BIT, 0, 1, _NEW_NAMESPACES),
        _refuse(_EPERM),
        (_AND, 0, 0, _THREAD | _OPEN_FILES),
        (_EQUAL, 0, 1, _THREAD),  # a thread with open files of its own: the keeper would not see them
        _refuse(_EPERM),
        allow,
        (_EQUAL, 0, 4, SPECIAL["prlimit64"][column]),
        (_LOAD, 0, 0, _FIRST),
        (_EQUAL, 1, 0, 0),  # nobody's limits but its own
        _refuse(_EPERM),
        allow,
        (_EQUAL, 0, 6, SPECIAL["ioctl"][column]),
        (_LOAD, 0, 0, _SECOND),
        (_EQUAL, 2, 0, _TIOCSTI),
        (_EQUAL, 1, 0, _TIOCLINUX),
        (_EQUAL, 0, 1, _TIOCSETD),
        _refuse(_EPERM),
        allow,
    ]
    unix = _unix(connects=connects)
    out += [(_EQUAL, 0, len(unix), SPECIAL["socketpair"][column]), *unix]
    if internet:
        judged: list[Instruction] = [
            (_LOAD, 0, 0, _FIRST),
            (_EQUAL, 6, 0, int(AF_UNIX)),
            (_EQUAL, 1, 0, int(AF_INET)),
            (_EQUAL, 0, 3, int(AF_INET6)),
            (_LOAD, 0, 0, _SECOND),
            (_AND, 0, 0, _KIND),
            (_EQUAL, 1, 0, int(SOCK_STREAM)),
            _refuse(_EOPNOTSUPP),
            allow,
        ]
    else:
        judged = unix
    return [*out, (_EQUAL, 0, len(judged), SPECIAL["socket"][column]), *judged, allow]


def encode(instructions: Sequence[Instruction]) -> bytes:
    """The bytes Linux reads: eight for each instruction."""
    return b"".join(struct.pack("HBBI", *instruction) for instruction in instructions)


class Filter:
    """The :func:`program` for this machine, ready to be installed.

    With ``asked`` the process that installs it must have one thread only. Raises OSError where the machine is not in
    the tables.
    """

    def __init__(self, *, internet: bool, connects: bool = True, asked: str = "") -> None:
        if not MACHINE:
            raise OSError("no system call table for this machine")
        code = encode(program(MACHINE, internet=internet, connects=connects, asked=asked))
        self._code = ctypes.create_string_buffer(code, len(code))
        header = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(self._code))
        self._header = ctypes.create_string_buffer(header, len(header))
        kind = ctypes.c_uint(_WITH_LISTENER if asked else _ALL_THREADS)
        number = SPECIAL["seccomp"][_COLUMN[MACHINE]]
        self._call = partial(syscall, "seccomp", number, ctypes.c_uint(_SET_FILTER), kind, self._header)
        self._asks = bool(asked)

    def install(self) -> int:
        """Install it on this process and all its threads, for good. Needs ``no_new_privs``.

        Gives the listener that is asked, an open file, if one is, else -1. Whoever has it decides, so it must be closed
        here before any code of an app runs. Raises OSError where Linux refuses.
        """
        made = self._call()
        return made if self._asks else -1


def restrict(*, internet: bool, connects: bool = True, asked: str = "") -> int:
    """Make a :class:`Filter` and install it; gives what :meth:`Filter.install` gives."""
    return Filter(internet=internet, connects=connects, asked=asked).install()
