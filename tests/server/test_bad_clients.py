"""Clients that break the rules: the server answers with an error or with nothing, and lives on."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.server.editor import WAIT, Editor, editor, span
from tests.server.test_actions import TEXT

ROUNDS = 150
"""Messages of the fuzz test."""


def send(client: Editor, message: object) -> None:
    """Raw bytes past the client's own checks."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    client.client.protocol.writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


async def alive(client: Editor) -> None:
    """The server still lints."""
    uri = client.open("alive.py", TEXT)
    assert len(await client.told(uri, 1, 3)) == 3
    client.close(uri)


@pytest.mark.asyncio
async def test_malformed_messages(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        for message in (
            b"{", b"[]", b"null", b"\xff\xfe", b'"text"', b"1", b"{}", b'{"jsonrpc": "2.0"}',
            {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {}},
            {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": 1}},
            {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": [1, 2]},
            {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 12345}},
            {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {}},
            {"jsonrpc": "2.0", "id": 77, "result": None},
            {"jsonrpc": "2.0", "id": 78, "error": {"code": 1, "message": "x"}},
            {"jsonrpc": "2.0", "method": "no/such/notification", "params": {"deep": [[[[]]]]}},
            {"jsonrpc": "1.0", "method": 5},
        ):  # fmt: skip
            send(client, message)
        await alive(client)


@pytest.mark.asyncio
async def test_unknown_requests_are_answered_with_errors(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        with pytest.raises(JsonRpcException):
            await asyncio.wait_for(client.client.protocol.send_request_async("no/such/request", {}), WAIT)
        for params in (lsp.ExecuteCommandParams("no.such"), lsp.ExecuteCommandParams("initlint.fixAll", arguments=[])):
            with pytest.raises(JsonRpcException):
                await asyncio.wait_for(client.client.workspace_execute_command_async(params), WAIT)
        await alive(client)


@pytest.mark.asyncio
async def test_documents_that_are_not_open(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        for uri in (
            client.uri("closed.py"), "untitled:x", "git:/a/b.py?x", "http://host/a.py", "", "not a uri", "file:///",
            "file:///%00.py", "file://host/share/m.py", "vscode-notebook-cell:/n.ipynb#c0",
        ):  # fmt: skip
            assert await client.pull(uri) == []
            assert await client.hover(uri, 0, 0) is None
            assert await client.hints(uri) == []
            assert await client.lenses(uri) == []
            assert await client.actions(uri, span(0, 0, 1, 0)) == []
            client.change(uri, 3, "x")
            client.close(uri)
            client.save(uri)
        await alive(client)


@pytest.mark.asyncio
async def test_documents_with_odd_names(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        for name in ("git:/a/b.py?x", "http://host/a.py", "file:///%00.py", "urn:x", client.uri("a b%20é#.py")):
            uri = client.open(name, TEXT)
            assert len(await client.told(uri, 1)) == 3
            client.close(uri)
        await alive(client)


@pytest.mark.asyncio
async def test_positions_past_the_end(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", TEXT)
        await client.told(uri, 1)
        for where in (span(900, 0, 900, 9), span(0, 9000, 0, 9000), span(5, 0, 2, 0)):
            assert await client.hover(uri, where.start.line, where.start.character) is None or where.start.line < 900
            await client.actions(uri, where)
        client.change(uri, 2, "x = 1\n", span(900, 5, 901, 5))
        assert len(await client.told(uri, 2)) == 3
        client.change(uri, 3, "", span(0, 0, 9999, 0))
        assert await client.told(uri, 3) == []
        await alive(client)


@pytest.mark.asyncio
async def test_texts_that_cannot_be_read(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        for text in ("\0import torch", "import torch\n" + "(" * 5000, "\ufeff" + TEXT, "import torch\n\ud800", "\r\r\n\f"):
            uri = client.open("odd.py", text)
            await client.told(uri, 1)
            await client.actions(uri, span(0, 0, 50, 0))
            await client.hints(uri)
            client.close(uri)
        await alive(client)


@pytest.mark.asyncio
async def test_a_huge_document_keeps_nobody_waiting(tmp_path: Path) -> None:
    many = "import torch.nn as nn\n\n\n" + "\n\n".join(
        TEXT.split("\n\n\n")[1].replace("class Net", f"class Net{number}") for number in range(300)
    )
    async with editor(tmp_path) as client:
        uri = client.open("small.py", TEXT)
        await client.told(uri, 1)
        huge = client.open("huge.py", many)
        # answered before the lint of the huge file is through: nothing was published for it
        assert "Net.one" in (await client.hover(uri, 7, 25) or "")
        assert huge not in client.shown
        client.close(huge)
        await alive(client)


@pytest.mark.asyncio
async def test_opening_and_closing_in_haste(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        for number in range(40):
            uri = client.open(f"m{number % 3}.py", TEXT)
            if number % 2:
                client.open(f"m{number % 3}.py", TEXT)         # twice
            client.close(uri)
            client.close(uri)
        await alive(client)
        assert all(not params.diagnostics for uri, params in client.shown.items() if "alive" not in uri)


@pytest.mark.asyncio
async def test_requests_that_are_taken_back(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", TEXT)
        params = {"textDocument": {"uri": uri}}
        for number in range(20):
            ident = f"mine-{number}"
            method = ("textDocument/codeLens", "textDocument/diagnostic")[number % 2]
            send(client, {"jsonrpc": "2.0", "id": ident, "method": method, "params": params})
            send(client, {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": ident}})
        await alive(client)


@pytest.mark.asyncio
async def test_goodbye_while_commands_are_under_way(tmp_path: Path) -> None:
    async with editor(tmp_path) as client:
        uri = client.open("m.py", TEXT)
        await client.told(uri, 1, 3)
        for number in range(3):
            params = {"command": "initlint.fixAll", "arguments": [uri]}
            send(client, {"jsonrpc": "2.0", "id": f"mine-{number}", "method": "workspace/executeCommand", "params": params})
        # leaving the block shuts the server down, and raises if that is answered with an error


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_random_messages(tmp_path: Path, seed: int) -> None:
    source = random.Random(seed)
    async with editor(tmp_path) as client:
        for number in range(ROUNDS):
            send(client, message(source, client, number))
        await alive(client)


METHODS = (
    "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave",
    "textDocument/hover", "textDocument/codeAction", "textDocument/inlayHint", "textDocument/codeLens",
    "textDocument/diagnostic", "codeAction/resolve", "workspace/didChangeConfiguration",
    "workspace/didChangeWatchedFiles", "workspace/didChangeWorkspaceFolders", "notebookDocument/didOpen",
    "notebookDocument/didChange", "notebookDocument/didClose", "workspace/executeCommand", "$/setTrace",
    "window/workDoneProgress/cancel",
)  # fmt: skip


def message(source: random.Random, client: Editor, number: int) -> dict[str, Any]:
    """One message, most of them nearly right."""

    def uri() -> object:
        names = [client.uri(f"f{source.randrange(3)}.py"), client.uri("n.ipynb"), "untitled:u", "x:y", 7, None]
        return source.choice(names[:2] * 4 + names)

    def position() -> object:
        return source.choice([{"line": source.randrange(20), "character": source.randrange(40)}, {"line": -1}, None])

    def place() -> object:
        return source.choice([{"start": position(), "end": position()}, None, []])

    def text() -> object:
        return source.choice([TEXT, TEXT[: source.randrange(len(TEXT))], "", "x\f\u2028y\r", 5])

    document = {"uri": uri(), "version": source.choice([number, 0, None]), "languageId": "python", "text": text()}
    change = source.choice([{"text": text()}, {"range": place(), "text": text()}])
    params: dict[str, Any] = {
        "textDocument": document, "position": position(), "range": place(), "contentChanges": [change],
        "context": {"diagnostics": []}, "title": "x", "data": {"uri": uri(), "code": "INI010"},
        "settings": source.choice([{"initlint": {"ignore": ["INI010", "X"]}}, [], None, {"initlint": 3}]),
        "changes": [{"uri": uri(), "type": source.randrange(5)}], "event": {"added": [], "removed": []},
        "notebookDocument": {"uri": uri(), "version": 1, "notebookType": "x", "cells": []}, "cellTextDocuments": [],
        "change": {}, "command": "initlint.fixAll", "arguments": [uri()], "value": "off", "token": "t",
    }  # fmt: skip
    for key in list(params):
        if source.random() < 0.05:
            del params[key]
    found: dict[str, Any] = {"jsonrpc": "2.0", "method": source.choice(METHODS), "params": params}
    if not found["method"].startswith(("notebookDocument/", "$/")) and "/did" not in found["method"]:
        found["id"] = f"fuzz-{number}"
    return found


@pytest.mark.parametrize("ending", ["shutdown", "exit", "gone"])
def test_the_process_ends_when_the_client_does(tmp_path: Path, ending: str) -> None:
    def framed(message: dict[str, Any]) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)

    hello = {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": {}}
    messages = [{"id": 1, "method": "initialize", "params": hello}, {"method": "initialized", "params": {}}]
    if ending == "shutdown":
        messages.append({"id": 2, "method": "shutdown"})
    if ending != "gone":
        messages.append({"method": "exit"})
    done = subprocess.run(
        [sys.executable, "-m", "initlint", "server", "--stdio"], input=b"".join(map(framed, messages)),
        capture_output=True, timeout=60, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert b'"capabilities"' in done.stdout
    assert done.returncode == (0 if ending == "shutdown" else 1)
    assert b"Traceback" not in done.stderr


