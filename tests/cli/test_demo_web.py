"""``bot demo --web`` as a process: where its page is, and that it ends when it is asked to."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.cli.console import run
from tests.processes import command, environment


def test_the_page_is_named_first_and_served_while_the_story_plays(tmp_path: Path) -> None:
    with command("demo", "--web", environ=environment(TMPDIR=str(tmp_path))) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(3)]
        url = next(line for line in told if "browser" in line).split()[-1]

        page = httpx.get(url, trust_env=False)
        state = httpx.get(f"{url}/web/state", trust_env=False).json()
    assert page.status_code == 200
    assert "Sandbox Slack" in page.text
    assert "alerts" in [channel["name"] for channel in state["channels"]]


def test_without_websockets_the_demo_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "websockets", None)

    assert run("demo", "--web") == 2
    assert 'pip install ".[web]"' in capsys.readouterr().err


def test_without_the_page_the_sandbox_does_without_websockets() -> None:
    script = (
        "import sys\n"
        "from bot.sandbox.slack import SlackServer\n"
        "from bot.sandbox.demo import Demo\n"
        "import bot.cli.demo, bot.cli.run\n"
        "with SlackServer(): pass\n"
        "sys.exit('websockets' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
