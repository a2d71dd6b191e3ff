"""Starting: processor time and memory of what is loaded, and of `bot run` up to its first request.

All of it in processes of their own, from bytecode, as an installed bot starts.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from benchmarks import Figure, Options

_RUNS = 5
_FIRST_REQUEST_S = 120
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
_LOADED = """
import time
began = time.process_time()
{load}
took = time.process_time() - began
with open("/proc/self/status") as status:
    peak = next(line for line in status if line.startswith("VmHWM"))
print(took, int(peak.split()[1]) / 1024)
"""
_CONFIG = """
[store]
path = "{folder}/bot.db"
[edgar]
contact = "benchmarks@example.org"
www_url = "{url}"
data_url = "{url}"
[fed]
enabled = false
[prices]
provider = "off"
[calendar]
agencies = []
"""


def measure(options: Options) -> Iterator[Figure]:
    """The best of several runs each.  Only where Linux tells what a process has taken."""
    if not Path("/proc/self/status").exists():
        return
    engine = "import bot.judge, bot.store, bot.rules.loading"
    yield from _loaded("the engine", engine, limit_s=0.35, limit_mb=45)
    resident = "from bot.cli import bot, click; bot.get_command(click.Context(bot), 'run')"
    yield from _loaded("the bot", resident, limit_s=0.5, limit_mb=60)
    for arguments in (["--help"], ["history", "--help"], ["rules", "check", "rules"]):
        yield _command(arguments)
    yield from _to_the_first_request(options.folder / "starting")


def _loaded(what: str, load: str, *, limit_s: float, limit_mb: float) -> Iterator[Figure]:
    """Without the interpreter's own start."""
    script = _LOADED.format(load=load)
    told = [_output([sys.executable, "-c", script]) for _ in range(_RUNS)]
    took, size = zip(*(map(float, each.split()) for each in told), strict=True)
    yield Figure(name=f"{what} loaded", value=min(took), unit="s", limit=limit_s)
    yield Figure(name=f"memory, {what} loaded", value=min(size), unit="MB", limit=limit_mb)


def _output(command: Sequence[str]) -> str:
    return subprocess.check_output(command, text=True, env=_ENVIRONMENT)


def _command(arguments: Sequence[str]) -> Figure:
    took = min(_taken_by([sys.executable, "-m", "bot", *arguments]) for _ in range(_RUNS))
    return Figure(name=f"bot {' '.join(arguments)}", value=took, unit="s", note="processor time")


def _taken_by(command: Sequence[str]) -> float:
    """Seconds of the processor."""
    before = os.times()
    _output(command)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def _to_the_first_request(folder: Path) -> Iterator[Figure]:
    """What `bot run` with the shipped rules takes until it asks EDGAR."""
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (took, _), *again = [_asked(folder) for _ in range(1 + _RUNS)]
    yield Figure(name="bot run to its first request, new store", value=took, unit="s")
    best = min(took for took, _ in again)
    yield Figure(name="bot run to its first request", value=best, unit="s", note="processor time")
    size = max(size for _, size in again)
    yield Figure(name="memory at the first request", value=size, unit="MB")


def _asked(folder: Path) -> tuple[float, float]:
    """Seconds of the processor and megabytes of a bot when its first request comes."""
    with socket.create_server(("127.0.0.1", 0)) as edgar:
        edgar.settimeout(_FIRST_REQUEST_S)
        url = f"http://127.0.0.1:{edgar.getsockname()[1]}"
        (folder / "config.toml").write_text(_CONFIG.format(folder=folder, url=url))
        with _running(folder / "config.toml") as pid:
            edgar.accept()[0].close()
            return _processor_time(pid), _memory(pid)


@contextmanager
def _running(config: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
    with subprocess.Popen(command, env=_ENVIRONMENT, stderr=subprocess.DEVNULL) as bot:
        try:
            yield bot.pid
        finally:
            bot.send_signal(signal.SIGTERM)


def _processor_time(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(each for each in lines if each.startswith("VmRSS")).split()[1]) / 1024
