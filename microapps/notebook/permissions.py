"""What an app may reach: asked for in its notebook, granted only by the person.

The notebook's metadata holds what an app *asks* for. What it was *given* is kept by the harness,
bound to the content's hash; nothing in a notebook grants anything.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z")


def _hostname(value: str) -> str:
    name = value.strip().lower().rstrip(".")
    try:
        ipaddress.ip_address(name)
        return name
    except ValueError:
        pass
    labels = name.removeprefix("*.").encode("idna").decode("ascii").split(".") if name else []
    least = 2 if name.startswith("*.") else 1  # all of .com is no host that a person can mean
    if len(labels) < least or not all(_LABEL.match(label) for label in labels):
        raise ValueError(f"{value!r} is no host name")
    return ("*." if name.startswith("*.") else "") + ".".join(labels)


def absolute(value: str) -> str:
    """The path as it is; raises ValueError for one that is relative or leads upwards."""
    if "\0" in value or not (PurePosixPath(value).is_absolute() or PureWindowsPath(value).is_absolute()):
        raise ValueError(f"{value!r} is no absolute path")
    if ".." in PurePosixPath(value).parts:
        raise ValueError(f"{value!r} must not contain '..'")
    return value


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Host(_Value):
    """A network host and TCP port; ``*.example.org`` stands for every host below it."""

    name: Annotated[str, AfterValidator(_hostname)]
    port: Annotated[int, Field(ge=1, le=65535)] = 443

    def __str__(self) -> str:
        return f"{self.name}:{self.port}"


class FileAccess(_Value):
    """An absolute path of a file or folder on the person's machine."""

    path: Annotated[str, AfterValidator(absolute)]
    mode: Literal["read", "read-write"] = "read"

    def __str__(self) -> str:
        return f"{self.path} ({self.mode})"


class Permissions(_Value):
    """Everything an app may reach. The default is nothing but its own storage.

    Attributes
    ----------
    hosts : network hosts with ports.
    files : files and folders outside the app's own data folder.
    packages : import names of third-party packages beyond ipywidgets.
    storage : ``none``, ``private`` to the person, or ``shared`` between visitors.
    model_budget : US dollars of model calls the app may spend in all; 0 means no model calls.
    memory : mebibytes for all of a kernel's processes together.
    seconds : wall-clock seconds a single run or interaction may take.
    scripts : whether scripts that the app brings along run in its page.
    """

    hosts: tuple[Host, ...] = ()
    files: tuple[FileAccess, ...] = ()
    packages: tuple[str, ...] = ()
    storage: Literal["none", "private", "shared"] = "private"
    model_budget: Annotated[float, Field(ge=0, le=1000)] = 0.0
    memory: Annotated[int, Field(ge=128, le=65536)] = 1024
    seconds: Annotated[int, Field(ge=1, le=3600)] = 30
    scripts: bool = False

    def beyond(self, granted: Permissions) -> Permissions:
        """What of this is wider than ``granted``: the part a person has to be asked for.

        Limits that are not wider are returned at their default.
        """
        default = Permissions()
        order = ("none", "private", "shared")
        readable = {f.path for f in granted.files}
        writable = {f.path for f in granted.files if f.mode == "read-write"}
        return Permissions(
            hosts=tuple(h for h in self.hosts if h not in granted.hosts),
            files=tuple(f for f in self.files if f.path not in (writable if f.mode == "read-write" else readable)),
            packages=tuple(p for p in self.packages if p not in granted.packages),
            storage=self.storage if order.index(self.storage) > order.index(granted.storage) else default.storage,
            model_budget=self.model_budget if self.model_budget > granted.model_budget else 0.0,
            memory=self.memory if self.memory > granted.memory else default.memory,
            seconds=self.seconds if self.seconds > granted.seconds else default.seconds,
            scripts=self.scripts and not granted.scripts,
        )

    def in_words_of(self, given: Permissions) -> Permissions:
        """The same, asking for the folder where ``given`` holds one and this asks for files in it."""
        files = {access.path: access for access in (_given_as(access, given.files) for access in self.files)}
        return self.model_copy(update={"files": tuple(files.values())})

    def merged(self, other: Permissions) -> Permissions:
        """Everything that either holds; of limits the wider."""
        order = ("none", "private", "shared")
        modes = {access.path: access for access in self.files}
        for access in other.files:
            if access.mode == "read-write" or access.path not in modes:
                modes[access.path] = access
        return Permissions(
            hosts=tuple(dict.fromkeys((*self.hosts, *other.hosts))),
            files=tuple(modes.values()),
            packages=tuple(dict.fromkeys((*self.packages, *other.packages))),
            storage=max(self.storage, other.storage, key=order.index),
            model_budget=max(self.model_budget, other.model_budget),
            memory=max(self.memory, other.memory),
            seconds=max(self.seconds, other.seconds),
            scripts=self.scripts or other.scripts,
        )

    def common(self, other: Permissions) -> Permissions:
        """Only what both hold; of limits the narrower."""
        order = ("none", "private", "shared")
        modes = {access.path: access.mode for access in other.files}
        files = tuple(
            FileAccess(path=access.path, mode="read" if "read" in (access.mode, modes[access.path]) else "read-write")
            for access in self.files
            if access.path in modes
        )
        return Permissions(
            hosts=tuple(host for host in self.hosts if host in other.hosts),
            files=files,
            packages=tuple(package for package in self.packages if package in other.packages),
            storage=min(self.storage, other.storage, key=order.index),
            model_budget=min(self.model_budget, other.model_budget),
            memory=min(self.memory, other.memory),
            seconds=min(self.seconds, other.seconds),
            scripts=self.scripts and other.scripts,
        )

    def parts(self) -> tuple[Permissions, ...]:
        """Each thing beyond the default by itself, in the order of its sentences: what can be given or taken alone."""
        fields = type(self).model_fields
        values = {name: getattr(self, name) for name in fields}
        alone: list[Permissions] = []
        for name, value in values.items():
            if isinstance(value, tuple):
                alone += [Permissions.model_validate({name: (one,)}) for one in value]
            elif value != fields[name].default:
                alone.append(Permissions.model_validate({name: value}))
        return tuple(one for one in alone if one.sentences())

    def sentences(self) -> tuple[str, ...]:
        """One plain-language sentence for each thing beyond the default."""
        default = Permissions()
        said = [f"Connect to {h.name} on port {h.port}." for h in self.hosts]
        said += [
            f"Read {'and change ' if f.mode == 'read-write' else ''}{f.path} on this computer." for f in self.files
        ]
        said += [f"Use the package {p}." for p in self.packages]
        if self.storage == "shared":
            said.append("Keep data that all its visitors share.")
        if self.storage == "none":
            said.append("Keep no data of its own.")
        if self.model_budget:
            said.append(f"Ask the language model, for at most {self.model_budget:.2f} US dollars in all.")
        if self.memory > default.memory:
            said.append(f"Use up to {self.memory} MiB of memory.")
        if self.seconds > default.seconds:
            said.append(f"Work for up to {self.seconds} seconds at a time.")
        if self.scripts:
            said.append(
                "Run scripts of its own in the page. Such a script can find ways to send what it sees in the page to "
                "another computer, and your address with it (by WebRTC, which no page can forbid)."
            )
        return tuple(said)


def _given_as(asked: FileAccess, given: tuple[FileAccess, ...]) -> FileAccess:
    """The wider of the given ones that holds a file, or else what was asked for."""
    for access in given:
        enough = access.mode == "read-write" or asked.mode == "read"
        if enough and PurePath(asked.path).is_relative_to(access.path):
            return access
    return asked
