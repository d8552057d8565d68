"""Comms without a kernel: what widgets say goes to one function, and what a page says comes to the widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import comm
import ipywidgets  # type: ignore[import-untyped]
from comm.base_comm import BaseComm, CommManager
from IPython.core.events import EventManager

Say = Callable[[dict[str, Any], list[Any]], None]


class Line:
    """Where messages go, :attr:`say`, and who is told when one comes."""

    def __init__(self) -> None:
        self.say: Say | None = None
        """None while the notebook runs, since its widgets' states are taken when it has."""
        self.events: EventManager | None = None
        """Those of the shell: what runs before and after a cell runs before and after a message, too."""


class AppComm(BaseComm):
    """One end of a conversation between a widget and its model in the page."""

    line: ClassVar[Line] = Line()  # no attribute of the class: setting one has Python forget what it knows of it
    hushed: ClassVar[set[str]] = set()
    """Ids of comms whose messages are dropped just now."""

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: list[Any] | None = None,
        **keys: Any,
    ) -> None:
        said = self.line.say
        if said is None or self.comm_id in AppComm.hushed:
            return
        message = {
            "type": "comm",
            "kind": msg_type.removeprefix("comm_"),
            "comm": self.comm_id,
            "data": data or {},
            "metadata": metadata or {},
        }
        if keys.get("target_name"):
            message["target"] = keys["target_name"]
        said(message, buffers or [])

    def handle_msg(self, msg: dict[str, Any]) -> None:
        """As a comm's own, but for the import of the shell at each message, which is memory of each fork."""
        if self._msg_callback is None:
            return
        events = self.line.events
        if events is not None:
            events.trigger("pre_execute")
        self._msg_callback(msg)
        if events is not None:
            events.trigger("post_execute")


def install(events: EventManager) -> CommManager:
    """Have every comm of this process be one of ours; gives the manager of them all. ``events`` are the shell's."""
    AppComm.line.events = events
    manager = CommManager()
    comm.create_comm = AppComm
    comm.get_comm_manager = lambda: manager
    ipywidgets.register_comm_target()
    return manager


def deliver(manager: CommManager, message: dict[str, Any], buffers: list[bytes]) -> None:
    """Hand a page's comm message to its widget. Raises what the widget's callbacks raise."""
    identity = str(message["comm"])
    content = {"comm_id": identity, "data": message.get("data") or {}}
    if message["kind"] == "open":
        content["target_name"] = str(message.get("target", ""))
    told = {
        "content": content,
        "buffers": [memoryview(buffer) for buffer in buffers],
        "metadata": message.get("metadata") or {},
        "header": {"msg_id": str(message.get("id", ""))},
        "parent_header": {},
        "msg_type": f"comm_{message['kind']}",
    }
    match message["kind"]:
        case "open":
            manager.comm_open(None, "", told)  # type: ignore[arg-type]
        case "close":
            manager.comm_close(None, "", told)  # type: ignore[arg-type]
        case "msg" if identity in manager.comms:
            manager.comms[identity].handle_msg(told)


def states() -> dict[str, Any]:
    """Every widget as it is now: ``application/vnd.jupyter.widget-state+json``'s ``state``, binary traits as base64."""
    found: dict[str, Any] = ipywidgets.Widget.get_manager_state()["state"]
    return found
