"""A module of ours in a process of its own, asked and answering in lines of JSON.

It is for a library that is large, hangs or must be bent: the process can be killed, and ends with
the one that started it, which holds its standard input open as long as it lives.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from queue import SimpleQueue
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, Any, cast

from bot.clock import monotonic

Lines = Mapping[str, Any]
Tell = Callable[[Lines], None]

_TURN_S = 0.5


class Late(Exception):
    """Nothing came within the time given."""


class Child:
    """A running ``python -m module``; Ctrl-C does not reach it."""

    def __init__(self, module: str) -> None:
        self._complaints = TemporaryFile("w+", errors="replace")  # noqa: SIM115 closed by ``end``
        self._pending = bytearray()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            process_group=0,
        )

    def tell(self, what: Lines) -> None:
        """Send a line; one that has ended says so when it is heard."""
        stdin = cast(IO[bytes], self._process.stdin)
        with suppress(BrokenPipeError):
            stdin.write(json.dumps(what).encode() + b"\n")
            stdin.flush()

    def hear(self, within_s: float) -> dict[str, Any] | None:
        """The next line; None where it has ended, whatever it had begun to tell.

        Raises Late, at once where within_s is not positive.
        """
        stdout = cast(IO[bytes], self._process.stdout)
        while b"\n" not in self._pending:
            _wait(stdout, within_s)
            if not (part := os.read(stdout.fileno(), 1 << 20)):
                return None
            self._pending += part
        line, _, self._pending = self._pending.partition(b"\n")
        return cast(dict[str, Any], json.loads(line))

    def last_words(self) -> str:
        """Why it ended, as it said itself."""
        self._process.wait()
        self._complaints.seek(0)
        lines = [line.strip() for line in self._complaints if line.strip()]
        return lines[-1] if lines else "it gave no reason"

    def kill(self) -> None:
        """End it at once, from any thread: who hears it hears its end."""
        self._process.kill()

    def end(self) -> None:
        """Kill it and bury it."""
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._complaints):
            with suppress(BrokenPipeError):
                cast(IO[Any], stream).close()


def _wait(stream: IO[bytes], within_s: float) -> None:
    """Return when there is something to read; Late where nothing comes in time.

    In short turns: a signal that comes just before a wait is handled only when that ends.
    """
    ends_at = monotonic() + within_s
    while (left_s := ends_at - monotonic()) > 0:
        if select.select([stream], [], [], min(left_s, _TURN_S))[0]:
            return
    raise Late


def asked_by_parent() -> Iterator[dict[str, Any]]:
    """In the child: what the parent asks, line by line; its end is the end of this process."""
    asked: SimpleQueue[bytes] = SimpleQueue()

    def listen() -> None:
        pending = b""
        while part := os.read(0, 1 << 16):  # sys.stdin held by a thread hinders an orderly end
            *lines, pending = (pending + part).split(b"\n")
            for line in lines:
                asked.put(line)
        os._exit(1)

    Thread(target=listen, daemon=True).start()
    while True:
        yield json.loads(asked.get())


def teller(stream: IO[str]) -> Tell:
    """In the child: how to tell the parent a line."""

    def tell(what: Lines) -> None:
        stream.write(json.dumps(what) + "\n")
        stream.flush()

    return tell
