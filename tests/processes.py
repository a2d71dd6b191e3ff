"""The bot as a process of its own, and waiting for what it does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LONG = 60.0
"""Seconds after which something that should happen soon counts as not happening."""

SECRETS = (
    "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_WEBHOOK_URL", "ALPACA_KEY", "ALPACA_SECRET"
)  # fmt: skip


def until(condition: Callable[[], object], within: float = LONG) -> None:
    """Return as soon as a condition holds; the test fails where it does not in time."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


IN_TIME = 10.0
"""Seconds within which a bot that is told to end has ended, on however busy a machine: five are
promised, a request that it waited for would take fifteen or more."""


def seconds_to_end(
    process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM
) -> float:
    """How long a process lives after it was told to end."""
    began = time.monotonic()
    process.send_signal(number)
    process.wait(2 * LONG)
    return time.monotonic() - began


def environment(**secrets: str) -> Mapping[str, str]:
    """That of this process without the operator's secrets, with these."""
    mine = {name: value for name, value in os.environ.items() if name not in SECRETS}
    return mine | {"PYTHONUNBUFFERED": "1"} | secrets


def write_config(file: Path, edgar_url: str, *, slack_url: str = "", **more: str) -> Path:
    """A configuration of a bot whose EDGAR is on loopback.

    more: further lines of a section by its name; ``edgar`` and ``alerts`` add to what stands here.
    """
    sections = {
        "store": f'path = "{file.stem}.db"',
        "rules": 'path = "rules.yaml"',
        "edgar": f'www_url = "{edgar_url}"\ndata_url = "{edgar_url}"',
        "slack": f'api_url = "{slack_url}"' if slack_url else "",
    }
    more.setdefault("prices", 'provider = "off"')
    more.setdefault("fed", "enabled = false")
    more.setdefault("calendar", "agencies = []")
    more.setdefault("edgar", 'contact = "Test test@example.org"\nevery = "1s"')
    for name, lines in more.items():
        sections[name] = f"{sections.get(name, '')}\n{lines}"
    file.write_text("".join(f"[{name}]\n{lines}\n" for name, lines in sections.items()))
    return file


def children(process: int) -> list[int]:
    """The processes that a process has started, by /proc."""
    return [
        int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def runs(process: int) -> bool:
    """Whether a process still runs; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def command(
    *arguments: str | Path, environ: Mapping[str, str] | None = None, heard: bool = True
) -> Iterator[subprocess.Popen[str]]:
    """``bot`` with these arguments; it is gone when the block ends.

    heard: what it prints can be read; else it may print without end.
    """
    output = subprocess.PIPE if heard else subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        env=environ or environment(),
        stdout=output,
        stderr=output,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()
