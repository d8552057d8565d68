"""A scripted endpoint of the Messages API on loopback: the one double in these tests, for what is outside this house.

It answers with a queue of answers, or replays a recording, over real HTTP and real server-sent events, through the
real client package. Before each answer it can inject one fault. It keeps the requests it was sent.

A recording is a JSON list of ``{"request": {...}, "answer": {"content": [...]}}``; ``request`` may be empty or hold
expectations (see :func:`mismatches`). :func:`from_desk` makes one from a folder of ``NNNN.request.json`` and
``NNNN.answer.json``.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MODELS = [("claude-opus-5-5", "opus"), ("claude-sonnet-5-5", "sonnet"), ("claude-haiku-5-5", "haiku")]

STATUS_FAULTS = {
    "400": (400, "invalid_request_error"),
    "401": (401, "authentication_error"),
    "402": (402, "billing_error"),
    "403": (403, "permission_error"),
    "404": (404, "not_found_error"),
    "413": (413, "request_too_large"),
    "429": (429, "rate_limit_error"),
    "500": (500, "api_error"),
    "529": (529, "overloaded_error"),
}
STREAM_FAULTS = (
    "reset",  # connection reset before any header
    "rst",  # connection reset in the middle of the stream
    "eof",  # a clean end in the middle of the stream
    "stall",  # silence in the middle of the stream
    "pings",  # nothing but pings in the middle of the stream
    "malformed",  # an event that is no JSON
    "not-an-event",  # an event that is JSON but no object
    "error-event",  # an error event in the middle of the stream
    "html",  # status 200 and a web page
    "bad-tool-json",  # a tool's input that is no JSON, with stop_reason tool_use
    "max-tokens",  # cut in the middle, with stop_reason max_tokens
    "refusal",  # stop_reason refusal
    "context",  # stop_reason model_context_window_exceeded
    "twice",  # message_start a second time
    "no-stop-reason",  # whole but for its stop reason
)


def text(said: str) -> dict[str, Any]:
    """A text block of an answer."""
    return {"type": "text", "text": said}


def call(tool: str, **value: Any) -> dict[str, Any]:
    """A tool call of an answer."""
    return {"type": "tool_use", "name": tool, "input": value}


class Endpoint:
    """The endpoint. Give it answers with :meth:`answer` or :meth:`replay`, faults with :meth:`fault`.

    Attributes
    ----------
    url : its address.
    requests : the body of every request for a turn, in order, those that failed too.
    mismatches : where a request was not what the replayed recording expects.
    """

    def __init__(self, *, models: list[dict[str, Any]] | None = None, stall: float = 30.0) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.mismatches: list[str] = []
        self.listed = 0
        self.models = [_model(name, line) for name, line in MODELS] if models is None else models
        self.stall = stall
        self.rejects: set[str] = set()  # fields of a request that make it a 400
        self._answers: deque[dict[str, Any]] = deque()
        self._faults: deque[tuple[str, dict[str, str]]] = deque()
        self._answered = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"endpoint": self}))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Endpoint:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, *blocks: dict[str, Any] | str, **fields: Any) -> Endpoint:
        """Queue one answer of blocks (a plain string is a text block); ``stop_reason`` and ``usage`` may be given.

        ``pace`` is how many seconds it waits before each event; with ``hold`` it waits in the middle for
        :meth:`release`.
        """
        content = [text(block) if isinstance(block, str) else block for block in blocks]
        self._answers.append({"answer": {"content": content, **fields}})
        return self

    def replay(self, recording: list[dict[str, Any]] | Path) -> Endpoint:
        """Queue a recording's answers."""
        rows = json.loads(recording.read_text("utf-8")) if isinstance(recording, Path) else recording
        self._answers.extend(rows)
        return self

    def fault(self, kind: str, times: int = 1, **headers: str) -> Endpoint:
        """Make the next requests fail; ``headers`` go with a status, as in ``retry_after="1"``."""
        assert kind in STATUS_FAULTS or kind in STREAM_FAULTS, kind
        self._faults.extend([(kind, {name.replace("_", "-"): value for name, value in headers.items()})] * times)
        return self

    def delay_faults(self, requests: int) -> Endpoint:
        """Let so many requests pass before the faults that are queued next."""
        self._faults.extend([("", {})] * requests)
        return self

    def release(self) -> None:
        """Let what is held in the middle go on."""
        self._released.set()

    def forget(self) -> None:
        """Empty the queues and what was kept of requests, for whoever uses it next."""
        with self._lock:
            self._answers.clear()
            self._faults.clear()
            self.requests.clear()
            self.headers.clear()
            self.mismatches.clear()
            self._released.clear()

    @property
    def left(self) -> int:
        """How many queued answers were not asked for."""
        return len(self._answers)

    def _next(self, request: dict[str, Any], headers: dict[str, str]) -> tuple[str, dict[str, str], dict[str, Any]]:
        """What to do with a request: a fault or none, its headers, and the answer it is about."""
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            if refused := self.rejects & set(request):
                return "400", {}, {"message": f"{sorted(refused)}: Extra inputs are not permitted"}
            fault, fault_headers = self._faults.popleft() if self._faults else ("", {})
            if fault in STATUS_FAULTS or fault in ("reset", "html"):
                return fault, fault_headers, {}
            if fault:
                row = (
                    self._answers[0] if self._answers else {"answer": {"content": [text("A few words of an answer.")]}}
                )
            elif self._answers:
                row = self._answers.popleft()
                self.mismatches += mismatches(request, row.get("request") or {})
            else:
                return "500", {"x-should-retry": "false"}, {"message": "the script has no more answers"}
            self._answered += 1
            timing = {name: row["answer"].get(name) for name in ("pace", "hold")}
            return fault, fault_headers, {**_message(self._answered, request, row["answer"]), **timing}


def mismatches(request: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Where a request is not as a recording expects; empty where it is.

    Known expectations: ``model``; ``messages`` (their number); ``contains`` (texts that the last message holds);
    ``words`` (what the person asked for: the last message holds it too); ``tools`` (names that are offered).
    """
    found = []
    last = json.dumps(request["messages"][-1], ensure_ascii=False)
    if "model" in expected and request["model"] != expected["model"]:
        found.append(f"the model is {request['model']!r}, not {expected['model']!r}")
    if "messages" in expected and len(request["messages"]) != expected["messages"]:
        found.append(f"there are {len(request['messages'])} messages, not {expected['messages']}")
    parts = [*expected.get("contains", ()), *([expected["words"]] if "words" in expected else ())]
    found += [f"the last message does not hold {part!r}" for part in parts if part not in last]
    offered = {tool["name"] for tool in request.get("tools", ())}
    found += [f"the tool {name!r} is not offered" for name in expected.get("tools", ()) if name not in offered]
    return found


def from_desk(folder: Path) -> list[dict[str, Any]]:
    """A recording made of a folder of ``NNNN.request.json`` and ``NNNN.answer.json``; unanswered requests are left out.

    Of each request only the number of messages and the names of the tools are kept as expectations.
    """
    rows = []
    for path in sorted(folder.glob("*.answer.json")):
        request = json.loads(path.with_name(path.name.replace(".answer.", ".request.")).read_text("utf-8"))
        expected = {"messages": len(request["messages"]), "tools": [tool["name"] for tool in request.get("tools", ())]}
        rows.append({"request": expected, "answer": json.loads(path.read_text("utf-8"))})
    return rows


def _model(name: str, line: str) -> dict[str, Any]:
    yes, no = {"supported": True}, {"supported": False}
    return {
        "type": "model",
        "id": name,
        "display_name": name,
        "line": line,
        "created_at": "2026-01-01T00:00:00Z",
        "lifecycle": "active",
        "max_input_tokens": 200_000,
        "max_tokens": 64_000,
        "capabilities": {
            "effort": {"supported": True, "low": yes, "medium": yes, "high": yes, "max": no, "xhigh": no},
            "thinking": {"supported": True, "types": {"adaptive": yes, "enabled": no, "disabled": yes}},
            "image_input": yes,
        },
    }


def _message(number: int, request: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    content = [
        {**block, "id": f"toolu_{number:04d}_{index}"} if block["type"] == "tool_use" else block
        for index, block in enumerate(answer["content"])
    ]
    called = any(block["type"] == "tool_use" for block in content)
    return {
        "id": f"msg_{number:04d}",
        "type": "message",
        "role": "assistant",
        "model": request["model"],
        "content": content,
        "stop_reason": answer.get("stop_reason") or ("tool_use" if called else "end_turn"),
        "stop_sequence": None,
        "usage": answer.get("usage") or {"input_tokens": 1000, "output_tokens": 100},
    }


def _events(whole: dict[str, Any], piece: int = 60) -> Iterator[dict[str, Any]]:
    start = {**whole, "content": [], "stop_reason": None, "usage": {**whole["usage"], "output_tokens": 1}}
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(whole["content"]):
        kind, field, written, empty = "", "", "", block
        if block["type"] == "text":
            kind, field, written, empty = "text_delta", "text", block["text"], {"type": "text", "text": ""}
        elif block["type"] == "thinking":
            kind, field, written = "thinking_delta", "thinking", block["thinking"]
            empty = {"type": "thinking", "thinking": "", "signature": ""}
        elif block["type"] == "tool_use":
            kind, field, written = "input_json_delta", "partial_json", json.dumps(block["input"], ensure_ascii=False)
            empty = {**block, "input": {}}
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        for at in range(0, len(written), piece):
            delta = {"type": kind, field: written[at : at + piece]}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        if block["type"] == "thinking":
            delta = {"type": "signature_delta", "signature": block.get("signature", "sig")}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": whole["stop_reason"], "stop_sequence": None},
        "usage": {"output_tokens": whole["usage"]["output_tokens"]},
    }
    yield {"type": "message_stop"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    endpoint: Endpoint

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.endpoint.listed += 1
        data = self.endpoint.models
        if self.path.split("?")[0] != "/v1/models" or not data:
            self._json(404, {"type": "error", "error": {"type": "not_found_error", "message": self.path}})
            return
        self._json(200, {"data": data, "has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]})

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        fault, headers, answer = self.endpoint._next(request, {k.lower(): v for k, v in self.headers.items()})
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            if fault in STATUS_FAULTS:
                status, kind = STATUS_FAULTS[fault]
                said = answer.get("message") or f"the endpoint's words about {fault}"
                self._json(status, {"type": "error", "error": {"type": kind, "message": said}}, headers)
            elif fault == "reset":
                self._reset()
            elif fault == "html":
                self._body(200, "text/html", b"<html><h1>Sign in to the network</h1></html>", {})
            else:
                self._stream(fault, answer)

    def _stream(self, fault: str, answer: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        pace, hold = answer.pop("pace"), answer.pop("hold")
        rows = list(_events(answer))
        middle = len(rows) // 2
        for number, row in enumerate(rows):
            if pace and self.endpoint._closing.wait(pace):
                return
            if hold and number == middle:
                self.endpoint._released.wait(self.endpoint.stall)
            if fault and number == middle and not self._break(fault, rows, number):
                return
            if row["type"] == "message_delta":
                reasons = {"max-tokens": "max_tokens", "refusal": "refusal", "no-stop-reason": None}
                reasons["context"] = "model_context_window_exceeded"
                if fault in reasons:
                    row["delta"]["stop_reason"] = reasons[fault]
            if fault in ("max-tokens", "refusal") and row["type"] == "content_block_delta" and number > middle:
                continue
            if fault == "bad-tool-json" and row.get("delta", {}).get("type") == "input_json_delta":
                row["delta"]["partial_json"] = row["delta"]["partial_json"].replace('"', "", 1)
            self._event(row)
        self.wfile.write(b"0\r\n\r\n")

    def _break(self, fault: str, rows: list[dict[str, Any]], number: int) -> bool:
        """Do what a fault does in the middle of a stream; whether the stream goes on."""
        if fault == "rst":
            self._reset()
        elif fault == "eof":
            self.wfile.write(b"0\r\n\r\n")
        elif fault == "stall":
            self.endpoint._closing.wait(self.endpoint.stall)
            self.close_connection = True
        elif fault == "pings":
            end = time.monotonic() + self.endpoint.stall
            while time.monotonic() < end and not self.endpoint._closing.wait(0.05):
                self._event({"type": "ping"})
            self.close_connection = True
        elif fault == "error-event":
            self._event({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})
            self.close_connection = True
        elif fault == "malformed":
            self._raw(b'event: content_block_delta\ndata: {"type": "content_bl\n\n')
            return True
        elif fault == "not-an-event":
            self._raw(b"event: content_block_delta\ndata: [1, 2]\n\n")
            return True
        elif fault == "twice":
            self._event(rows[0])
            return True
        else:
            return True
        return False

    def _event(self, row: dict[str, Any]) -> None:
        self._raw(f"event: {row['type']}\ndata: {json.dumps(row)}\n\n".encode())

    def _raw(self, body: bytes) -> None:
        self.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
        self.wfile.flush()

    def _json(self, status: int, value: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._body(status, "application/json", json.dumps(value).encode(), headers or {})

    def _body(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        """Close with a reset instead of an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        os.close(self.connection.detach())  # close() would wait for the file objects of this handler
