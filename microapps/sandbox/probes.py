"""Attempts to escape. Each is a few lines of Python, harmless where they succeed, that run in a kernel.

A probe reaches what it is after by leaving something true in ``found``; raising, or leaving nothing, means it was
stopped. ``bait`` names what was laid out for it (:mod:`microapps.sandbox.bait`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Probe:
    """One attempt.

    ``control`` says when it must succeed on an unconfined kernel, which shows that it tests something: ``always``; as
    ``root``; or not to be counted on (``may``), since the machine may lack the thing or forbid it to everyone.
    """

    name: str
    code: str
    control: Literal["always", "root", "may"] = "always"


PREAMBLE = """
import ctypes, errno, glob, os, signal, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    result = libc.syscall(ctypes.c_long(number), *arguments)
    return result, ctypes.get_errno()
def allowed(number, *arguments):
    # whether the call was let through to be judged on its arguments
    result, error = call(number, *arguments)
    return result >= 0 or error not in (errno.EPERM, errno.EACCES, errno.ENOSYS)
def in_child(work):
    # does what must not happen to this process itself
    reads, writes = os.pipe()
    if os.fork() == 0:
        try:
            os.write(writes, b'1' if work() else b'0')
        except BaseException:
            os.write(writes, b'0')
        os._exit(0)
    os.close(writes)
    try:
        return os.read(reads, 1) == b'1'
    finally:
        os.close(reads); os.wait()
def hears(address, family, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as s:
        s.settimeout(2)
        s.connect(address)
        if kind == socket.SOCK_DGRAM:
            s.send(b'hello')
        return s.recv(20)
null = ctypes.c_void_p(0)
buffer = ctypes.create_string_buffer(256)
"""

_NUMBERS = {
    "x86_64": "N = dict(io_uring=425, bpf=321, perf=298, userfaultfd=323, keyctl=250, add_key=248, kexec=246,"
    " module=175, handle=304, ptrace=101, readv=310, setns=308, clone=56, open_tree=428, fsopen=430, pivot=155,"
    " umount=166, swapon=167, syslog=103, reboot=169, fanotify=300, pidfd_getfd=438, mount_setattr=442,"
    " prlimit=302, shmat=30, memfd=319, statmount=457)",
    "aarch64": "N = dict(io_uring=425, bpf=280, perf=241, userfaultfd=282, keyctl=219, add_key=217, kexec=104,"
    " module=105, handle=265, ptrace=117, readv=270, setns=268, clone=220, open_tree=428, fsopen=430, pivot=41,"
    " umount=39, swapon=224, syslog=116, reboot=142, fanotify=262, pidfd_getfd=438, mount_setattr=442,"
    " prlimit=261, shmat=196, memfd=279, statmount=457)",
}


def preamble(machine: str) -> str:
    """What runs once in the kernel before the probes."""
    return PREAMBLE + _NUMBERS[machine]


_FILES = (
    Probe("a key in the home folder", "found = open(bait['key']).read()"),
    Probe("listing the home folder", "found = os.listdir(bait['home'])"),
    Probe("another app's data", "found = open(bait['other']).read()"),
    Probe("the library's database", "found = open(bait['library'], 'rb').read()"),
    Probe("writing a start-up file", "open(bait['startup'], 'a').write('#'); found = True"),
    Probe("a file in the shared temporary folder", "found = open(bait['temporary']).read()"),
    Probe("writing into the shared temporary folder", "open(bait['mark'], 'w').close(); found = False"),
    Probe("a link in the own data folder", "p = 'planted'; os.path.lexists(p) and os.unlink(p);"
          " os.symlink(bait['key'], p); found = open(p).read()"),
    Probe("a hard link", "p = 'linked'; os.path.lexists(p) and os.unlink(p); os.link(bait['key'], p);"
          " found = open(p).read()"),
    Probe("the key through another process's root", "found = open('/proc/%d/root' % bait['victim'] +"
          " bait['key']).read()"),
    Probe("the key through process 1", "found = open('/proc/1/root' + bait['key']).read()", "may"),
    Probe("/etc/shadow", "found = open('/etc/shadow').read()", "root"),
    Probe("the users of the machine", "found = len(open('/etc/passwd').readlines()) > 3"),
    Probe("writing into /usr", "p = '/usr/.microapps-probe'; open(p, 'w').close(); os.unlink(p); found = True", "root"),
    Probe("writing into site-packages", "import ipykernel; p = os.path.dirname(ipykernel.__file__) + '/.probe';"
          " open(p, 'w').close(); os.unlink(p); found = True", "may"),
    Probe("writing into the source", "p = bait['source'] + '/voila.py'; open(p, 'w').close(); os.unlink(p);"
          " found = True"),
    Probe("writing into the root folder", "p = '/.microapps-probe'; open(p, 'w').close(); os.unlink(p);"
          " found = True", "root"),
    Probe("writing into /dev", "p = '/dev/.microapps-probe'; open(p, 'w').close(); os.unlink(p); found = True", "root"),
    Probe("run directories of other kernels", "found = [p for p in glob.glob('/tmp/microapps-*/*') +"
          " glob.glob('/run/kernel/../kernel/k*/*')]", "may"),
    Probe("/sys", "found = os.listdir('/sys')"),
    Probe("settings of Linux", "found = open('/proc/sys/kernel/hostname', 'w')", "root"),
    Probe("the core pattern, a program that Linux starts", "found = open('/proc/sys/kernel/core_pattern', 'w')", "may"),
    Probe("choosing which process dies when memory is short", "open('/proc/self/oom_score_adj', 'w').write('-1000');"
          " found = True", "may"),
    Probe("the groups that limit processes", "found = glob.glob('/sys/fs/cgroup/*')", "may"),
    Probe("leaving its group", "found = [p for p in glob.glob('/sys/fs/cgroup/**/cgroup.procs', recursive=True)"
          " if open(p, 'a')]", "may"),
    Probe("the machine's mounts by number", "found = allowed(N['statmount'], null, null, 0, 0)", "may"),
    Probe("sysrq", "found = open('/proc/sysrq-trigger', 'w')", "may"),
    Probe("disks and memory as devices", "found = [p for p in os.listdir('/dev') if p.startswith(('sd', 'vd', 'nvme',"
          " 'mem', 'kmsg', 'kvm', 'fuse', 'loop'))]"),
    Probe("making a device", "p = 'device'; os.mknod(p, 0o600 | 0o020000, os.makedev(1, 3)); os.unlink(p);"
          " found = True", "root"),
)  # fmt: skip

_PROCESSES = (
    Probe("the canary in the environment", "found = [k for k, v in os.environ.items() if bait['canary'] in v]"),
    Probe("a process's environment", "found = bait['canary'] in open('/proc/%d/environ' % bait['victim']).read()"),
    Probe("every process's environment", "found = False\nfor p in glob.glob('/proc/[0-9]*/environ'):\n    try: found ="
          " found or bait['canary'].encode() in open(p, 'rb').read()\n    except OSError: pass"),
    Probe("other processes' names", "found = False\nfor p in glob.glob('/proc/[0-9]*/cmdline'):\n    try: found ="
          " found or bait['canary'].encode() in open(p, 'rb').read()\n    except OSError: pass"),
    Probe("signalling a process", "os.kill(bait['victim'], 0); found = bait['canary'] in open('/proc/%d/cmdline' %"
          " bait['victim']).read()"),
    Probe("tracing a process", "found = allowed(N['ptrace'], 16, bait['victim'], 0, 0);"
          " call(N['ptrace'], 17, bait['victim'], 0, 0)", "root"),
    Probe("reading a process's memory", "found = allowed(N['readv'], bait['victim'], null, 0, null, 0, 0)", "root"),
    Probe("a process's open files", "found = os.listdir('/proc/%d/fd' % bait['victim']) if bait['canary'] in"
          " open('/proc/%d/cmdline' % bait['victim']).read() else ''"),
    Probe("taking another process's file", "found = allowed(N['pidfd_getfd'], os.pidfd_open(os.getppid()), 0, 0)",
          "may"),
    Probe("becoming root", "found = in_child(lambda: (os.setuid(0), os.getuid() == 0)[1] and os.path.isdir('/root'"
          " ) and os.access('/proc/1/environ', os.R_OK))", "root"),
    Probe("capabilities", "found = int([l for l in open('/proc/self/status') if l.startswith('CapEff')][0].split()[1],"
          " 16)", "root"),
    Probe("gaining rights by a set-uid program", "found = 'NoNewPrivs:\\t0' in open('/proc/self/status').read()"),
    Probe("lifting its own limits", "import resource; n = resource.RLIM_INFINITY;"
          " resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)); found = True"),
    Probe("a POSIX message queue of the host", "found = libc.mq_open(bait['queue'].encode(), 0) >= 0", "may"),
    Probe("dumping its memory to a file of the host", "import resource;"
          " found = resource.getrlimit(resource.RLIMIT_CORE)[1] and open('/proc/sys/kernel/core_pattern').read()",
          "may"),
    Probe("System V shared memory of the host", "found = libc.shmget(bait['shared'], 0, 0) >= 0"),
    Probe("System V shared memory by its number", "libc.shmat.restype = ctypes.c_void_p;"
          " found = libc.shmat(bait['segment'], null, 0o10000) not in (None, 2**64 - 1)"),
    Probe("another process's memory as a file", "found = open('/proc/%d/mem' % bait['victim'], 'rb') if bait['canary']"
          " in open('/proc/%d/cmdline' % bait['victim']).read() else ''"),
    Probe("another process's folder", "found = os.listdir('/proc/%d/cwd/' % bait['victim'])"),
    Probe("process 1's environment", "found = open('/proc/1/environ').read()", "may"),
    Probe("process 1's memory", "found = open('/proc/1/mem', 'rb')", "may"),
    Probe("process 1's open files", "found = os.readlink('/proc/1/fd/0')", "may"),
    Probe("its parent's memory", "found = open('/proc/%d/mem' % os.getppid(), 'r+b')", "root"),
    Probe("another process's limits", "found = allowed(N['prlimit'], bait['victim'], 7, null, buffer)"),
    Probe("memory that no process shows", "found = allowed(N['memfd'], b'x', 0)"),
)  # fmt: skip

_SOCKETS = (
    Probe("TCP to a service on loopback", "found = hears(('127.0.0.1', bait['port']), socket.AF_INET)"),
    Probe("UDP to a service on loopback", "found = hears(('127.0.0.1', bait['udp']), socket.AF_INET,"
          " socket.SOCK_DGRAM)"),
    Probe("TCP over IPv6 loopback", "found = hears(('::ffff:127.0.0.1', bait['port']), socket.AF_INET6)", "may"),
    Probe("a unix socket by path", "found = hears(bait['unix'], socket.AF_UNIX)"),
    Probe("a datagram to a unix socket by path", "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM);"
          " s.sendto(b'hello', bait['datagrams']); found = True"),
    Probe("a datagram from one of a pair of sockets", "s = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0];"
          " s.sendto(b'hello', bait['datagrams']); found = True"),
    Probe("an abstract unix socket", "found = hears('\\0' + bait['abstract'], socket.AF_UNIX)"),
    Probe("the keeper's own socket", "s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)\nfor p in"
          " glob.glob('/tmp/microapps-*/*/keeper') + ['/run/kernel/../keeper']: s.connect(p); found = True", "may"),
    Probe("vsock", "found = socket.socket(40, socket.SOCK_STREAM)", "may"),
    Probe("netlink", "found = socket.socket(16, socket.SOCK_RAW, 0)"),
    Probe("packets", "found = socket.socket(17, socket.SOCK_RAW)", "root"),
    Probe("raw IP", "found = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)", "root"),
    Probe("the kernel's crypto sockets", "found = socket.socket(38, socket.SOCK_SEQPACKET)", "may"),
    Probe("bluetooth", "found = socket.socket(31, socket.SOCK_RAW, 1)", "may"),
    Probe("passing an open file to a service", "s = socket.socket(socket.AF_UNIX); s.connect(bait['unix']);"
          " socket.send_fds(s, [b'x'], [0]); found = True"),
    Probe("listening on all interfaces", "s = socket.socket(); s.bind(('0.0.0.0', 0)); s.listen(); found = True"),
)  # fmt: skip

_LINUX = (
    Probe("a user namespace", "found = in_child(lambda: libc.unshare(0x10000000) == 0)", "may"),
    Probe("a mount namespace", "found = in_child(lambda: libc.unshare(0x00020000) == 0)", "root"),
    Probe("a namespace by clone", "pid = libc.syscall(N['clone'], ctypes.c_ulong(0x10000000 | 17), 0, 0, 0, 0)\n"
          "if pid == 0: os._exit(0)\nfound = pid > 0\nif found: os.waitpid(pid, 0)", "may"),
    Probe("joining a namespace", "found = in_child(lambda: allowed(N['setns'], os.open('/proc/self/ns/uts', 0), 0))",
          "root"),
    Probe("mounting", "found = libc.mount(b'x', bait['mount'].encode(), b'tmpfs', 0, None) == 0 and"
          " libc.umount2(bait['mount'].encode(), 2) == 0", "root"),
    Probe("mounting by file handles", "found = allowed(N['fsopen'], b'tmpfs', 0)", "root"),
    Probe("cloning a mount", "found = allowed(N['open_tree'], -100, b'/', 1)", "root"),
    Probe("changing a mount", "found = allowed(N['mount_setattr'], -100, b'/nowhere', 0, null, 0)", "may"),
    Probe("unmounting", "found = allowed(N['umount'], b'/nowhere', 0)", "root"),
    Probe("changing the root", "found = allowed(N['pivot'], b'/nowhere', b'/nowhere')", "root"),
    Probe("io_uring", "found = allowed(N['io_uring'], 4, buffer)", "may"),
    Probe("bpf", "found = allowed(N['bpf'], 0, null, 0)", "may"),
    Probe("performance counters", "found = allowed(N['perf'], null, 0, -1, -1, 0)", "may"),
    Probe("handling page faults", "found = allowed(N['userfaultfd'], 1)", "may"),
    Probe("Linux's key rings", "found = allowed(N['keyctl'], 0, -3, 0)", "may"),
    Probe("adding a key", "found = allowed(N['add_key'], null, null, null, 0, -3)", "may"),
    Probe("opening by file handle", "found = allowed(N['handle'], -100, null, 0)", "may"),
    Probe("naming a file by handle", "found = allowed(N['handle'] - 1, -100, b'/', null, null, 0)", "may"),
    Probe("a thread with open files that nobody sees", "found = allowed(N['clone'], ctypes.c_ulong(0x003D0F00 & ~0x400"
          " & ~0x800), 0, 0, 0, 0)"),
    Probe("a call that is newer than this filter", "found = ctypes.get_errno() if libc.syscall(ctypes.c_long(463), -1,"
          " null, 0, null, null, 0) < 0 and ctypes.get_errno() != errno.ENOSYS else ''", "may"),
    Probe("loading a kernel module", "found = allowed(N['module'], null, 0, b'')", "may"),
    Probe("loading another kernel", "found = allowed(N['kexec'], 0, 0, null, 0)", "may"),
    Probe("the kernel's log", "found = allowed(N['syslog'], 10, null, 0)", "root"),
    Probe("watching all files", "found = allowed(N['fanotify'], 0, 0)", "may"),
    Probe("typing into a terminal", "m, s = os.openpty(); import fcntl; fcntl.ioctl(s, 0x5412, b'x'); found = True",
          "may"),
    Probe("changing a terminal's discipline", "m, s = os.openpty(); import fcntl; fcntl.ioctl(s, 0x5423, b'\\0' * 4);"
          " found = True"),
    Probe("a system call filter", "found = 'Seccomp:\\t0' in open('/proc/self/status').read()"),
)  # fmt: skip

PROBES: tuple[Probe, ...] = (*_FILES, *_PROCESSES, *_SOCKETS, *_LINUX)
