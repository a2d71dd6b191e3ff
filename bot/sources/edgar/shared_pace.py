"""One pace for all SEC hosts, shared by every process on the machine that uses the same file.

Source: SEC, Accessing EDGAR Data: at most 10 requests a second in total, "regardless of the number
of machines".  The live bot and a back-fill beside it take their turns from one file.
"""

import fcntl
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.clock import monotonic, sleep
from bot.errors import ConfigError
from bot.sources.edgar.pace import spacing_s

_TURN = struct.Struct("d")
_SHORTEST_WAIT_S = 0.001


class SharedPace:
    """Evenly spaced turns, taken when they come and never ahead: a process that sleeps too long,
    stops or dies holds nobody up and hurries nobody."""

    def __init__(
        self,
        file: Path,
        per_second: float,
        *,
        now: Callable[[], float] = monotonic,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self._file, self._spacing_s = file, spacing_s(per_second)
        self._now, self._wait = now, wait

    def __call__(self) -> None:
        """Return when it is this caller's turn."""
        while (left_s := self._take()) > 0:
            self._wait(max(left_s, _SHORTEST_WAIT_S))

    def sent(self) -> None:
        """Note that the request of the last turn has left: the next turn counts from now."""
        with self._held() as handle:
            os.pwrite(handle, _TURN.pack(self._now()), 0)

    def _take(self) -> float:
        """Take the turn where it has come; else the seconds until then."""
        with self._held() as handle:
            held = os.pread(handle, _TURN.size, 0)
            now = self._now()
            last = _TURN.unpack(held)[0] if len(held) == _TURN.size else 0.0
            if last <= now < last + self._spacing_s:
                return last + self._spacing_s - now
            # else it is long past, or from before the machine was started and its clock began anew
            os.pwrite(handle, _TURN.pack(now), 0)
            return 0.0

    @contextmanager
    def _held(self) -> Iterator[int]:
        """The file, locked."""
        try:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            what = f"no turn at the SEC can be taken: {error.strerror}"
            mend = "check [store] path in the configuration: folder, rights, free space"
            raise ConfigError(what, where=str(self._file), mend=mend) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)
