"""Output widgets as a front end keeps them: what a callback prints or shows inside ``with out:``.

nbclient's mimic sends all outputs back to the kernel at every message, which is quadratic; here they are sent once,
when the interaction that wrote them is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbclient.output_widget import OutputWidget
from nbformat.v4 import output_from_msg

if TYPE_CHECKING:
    from .session import Session

Message = dict[str, Any]


class CapturedOutput(OutputWidget):
    """The front end's side of one ``ipywidgets.Output``."""

    executor: Session

    def __init__(self, comm_id: str, state: dict[str, Any], kernel_client: Any, executor: Session) -> None:
        super().__init__(comm_id, {"outputs": [], **state}, kernel_client, executor)
        self.outputs = list(self.outputs)
        self.msg_id = ""
        self.set_state(state)

    def set_state(self, state: dict[str, Any]) -> None:
        """Follow the kernel: whose messages to take in, and outputs that the app itself assigned."""
        if isinstance(state.get("outputs"), list | tuple):
            self.outputs = list(state["outputs"])
        if "msg_id" not in state:
            return
        if self.msg_id:
            hooks = self.executor.output_hook_stack[self.msg_id]
            if self in hooks:
                hooks.remove(self)
        self.msg_id = str(state["msg_id"] or "")
        if self.msg_id:
            self.executor.register_output_hook(self.msg_id, self)

    def handle_msg(self, msg: Message) -> None:
        data = msg["content"].get("data", {})
        if data.get("method") == "update":
            self.set_state(data["state"])

    def clear_output(self, outs: list[Any], msg: Message, cell_index: int) -> None:
        if msg["content"].get("wait"):
            self.clear_before_next_output = True
        else:
            self.outputs = []
            self._changed()

    def output(self, outs: list[Any], msg: Message, display_id: str | None, cell_index: int) -> None:
        if self.clear_before_next_output:
            self.outputs = []
            self.clear_before_next_output = False
        shown = output_from_msg(msg)  # type: ignore[no-untyped-call]
        last = self.outputs[-1] if self.outputs else None
        if (
            last is not None
            and last["output_type"] == shown["output_type"] == "stream"
            and last["name"] == shown["name"]
        ):
            last["text"] += shown["text"]
        else:
            if display_id:
                shown["transient"] = {"display_id": display_id}
            self.outputs.append(shown)
        self._changed()

    def update_display(self, display_id: str, msg: Message) -> None:
        """Replace what was shown under a display id."""
        for shown in self.outputs:
            if (shown.get("transient") or {}).get("display_id") == display_id:
                shown["data"] = msg["content"]["data"]
                shown["metadata"] = msg["content"].get("metadata", {})
                self._changed()

    def sync_state(self) -> None:
        """Tell the kernel what is shown now."""
        kept = [{key: value for key, value in shown.items() if key != "transient"} for shown in self.outputs]
        self.executor.send_state(self.comm_id, {"outputs": kept})

    def _changed(self) -> None:
        self.executor.widget_state[self.comm_id]["outputs"] = self.outputs
        self.executor.unsynced.add(self.comm_id)
