"""One pace for all SEC hosts, shared by every process on the machine that uses the same file.

Source: SEC, Accessing EDGAR Data: at most 10 requests a second in total, "regardless of the number
of machines".  The live bot and a back-fill beside it take their turns from one file.
"""

import fcntl
import os
import struct
from collections.abc import Callable
from pathlib import Path

from bot.clock import monotonic, sleep
from bot.errors import ConfigError

_TURN = struct.Struct("d")
_OTHER_CLOCK_S = 60.0


class SharedPace:
    """Evenly spaced turns: each caller takes the next free one and waits for it."""

    def __init__(
        self,
        file: Path,
        per_second: float,
        *,
        now: Callable[[], float] = monotonic,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self._file, self._spacing = file, 1 / per_second
        self._now, self._wait = now, wait

    def __call__(self) -> None:
        """Return when it is this caller's turn."""
        delay = self._take() - self._now()
        if delay > 0:
            self._wait(delay)

    def _take(self) -> float:
        """The instant of the next free turn, kept in the file under a lock."""
        try:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            what = f"no turn at the SEC can be taken: {error.strerror}"
            mend = "check [store] path in the configuration: folder, rights, free space"
            raise ConfigError(what, where=str(self._file), mend=mend) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            held = os.pread(handle, _TURN.size, 0)
            now = self._now()
            last = _TURN.unpack(held)[0] if len(held) == _TURN.size else 0.0
            if last > now + _OTHER_CLOCK_S:
                last = 0.0  # from before the machine was started again: its clock began anew
            turn = max(now, last + self._spacing)
            os.pwrite(handle, _TURN.pack(turn), 0)
            return turn
        finally:
            os.close(handle)
