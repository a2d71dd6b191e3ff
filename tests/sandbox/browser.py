"""A headless Chromium, driven by the DevTools protocol: as much of it as the tests need."""

import base64
import itertools
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

from bot.notifiers.transport import opener_for

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-extensions", "--mute-audio", "--hide-scrollbars", "--remote-debugging-port=0",
    "--no-proxy-server",
)  # fmt: skip
_PATIENCE_S = 60.0  # of a machine that is busy with much else


def installed() -> str | None:
    """The browser's path; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


class Browser:
    """One window, for as long as its context lasts.

    folder: its profile, new and empty.
    complaints: errors of scripts, of the content policy, and what failed to load.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []

    def __enter__(self) -> Self:
        program = installed()
        assert program is not None
        self._process = subprocess.Popen(
            [program, *_FLAGS, f"--user-data-dir={self._folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._line = self._connected()
        except BaseException:
            self._end()
            raise
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._line.__exit__(kind, error, trace)
        self._end()

    def _end(self) -> None:
        """All its processes, which are a group of their own."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _connected(self) -> ClientConnection:
        told = self._folder / "DevToolsActivePort"
        deadline = time.monotonic() + _PATIENCE_S
        while not (told.is_file() and told.read_text().strip()):
            assert time.monotonic() < deadline, "the browser did not start"
            assert self._process.poll() is None, "the browser ended at once"
            time.sleep(0.05)
        base = f"http://127.0.0.1:{told.read_text().split()[0]}"
        with opener_for(base).open(urllib.request.Request(f"{base}/json")) as answer:
            pages = [each for each in json.load(answer) if each["type"] == "page"]
        line = connect(pages[0]["webSocketDebuggerUrl"], max_size=None, proxy=None)
        return line.__enter__()

    def call(self, method: str, **given: Any) -> Any:
        """The result of a method of the protocol."""
        number = next(self._numbers)
        self._line.send(json.dumps({"id": number, "method": method, "params": given}))
        while True:
            told = json.loads(self._line.recv(_PATIENCE_S))
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]
            self._keep(told)

    def _keep(self, told: dict[str, Any]) -> None:
        given = told.get("params", {})
        match told.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(str(given["exceptionDetails"]))
            case "Log.entryAdded" if given["entry"]["level"] == "error":
                self.complaints.append(f"{given['entry']['text']} {given['entry'].get('url', '')}")
            case "Page.javascriptDialogOpening":
                self.complaints.append(f"dialog: {given['message']}")

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def value(self, script: str) -> Any:
        """What an expression comes to."""
        told = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def until(self, script: str) -> Any:
        """Wait until an expression is true; what it came to."""
        deadline = time.monotonic() + _PATIENCE_S
        while not (found := self.value(script)):
            shown = self.value("document.body?.innerText")
            assert time.monotonic() < deadline, f"never: {script}\n{shown}"
            time.sleep(0.03)
        return found

    def click(self, selector: str) -> None:
        """Press the mouse on the middle of an element, once it stands still and uncovered."""
        before, (x, y) = None, self._middle(selector)
        while before != (before := [x, y]):
            x, y = self._middle(selector)
        for kind in ("mousePressed", "mouseReleased"):
            at = {"x": x, "y": y, "button": "left", "clickCount": 1}
            self.call("Input.dispatchMouseEvent", type=kind, **at)

    def _middle(self, selector: str) -> list[float]:
        """Where the middle of an element is, after a frame was drawn, and nothing lies over it."""
        return self.until(  # type: ignore[no-any-return]
            "new Promise(drawn => requestAnimationFrame(() => {"
            f"const e = document.querySelector({json.dumps(selector)});"
            "if (!e) return drawn(null);"
            "e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            "const x = r.x + r.width / 2, y = r.y + r.height / 2;"
            "const met = document.elementFromPoint(x, y);"
            "drawn(e.contains(met) || met?.contains(e) ? [x, y] : null); }))"
        )

    def type(self, selector: str, text: str) -> None:
        """Write into a field and press Enter."""
        self.until(f"!!document.querySelector({json.dumps(selector)})")
        self.value(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)
        self.press("Enter", "\r")

    def press(self, key: str, makes: str = "") -> None:
        """Press a key.  makes: the text that it gives."""
        told = {"key": key, "code": key, "windowsVirtualKeyCode": {"Enter": 13, "Escape": 27}[key]}
        given = {"text": makes} if makes else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **told, **given)
        self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    def look(self, *, width: int = 1280, height: int = 800, dark: bool = False) -> None:
        """A window of this size, on a machine that is set to light or dark."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        wanted = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=wanted)

    def picture(self, file: Path) -> None:
        """Keep what is seen as a PNG."""
        told = self.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(told["data"]))


def text(page: Browser, selector: str) -> str:
    return str(page.value(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))


def says(selector: str, words: str) -> str:
    """A script: whether an element holds these words."""
    return (
        f"(document.querySelector({json.dumps(selector)})?.innerText ?? '')"
        f".includes({json.dumps(words)})"
    )
