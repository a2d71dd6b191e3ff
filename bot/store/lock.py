"""One bot a store, and one back-fill: a lock that a second one meets, and that a killed one leaves
behind free."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ConfigError


def lock_of(path: Path) -> Path:
    """The lock of a store lies beside its file itself, whatever links lead there.

    A hard link is another name that nothing tells: one store must have one name.
    """
    file = path.resolve()
    return file.with_name(file.name + ".lock")


@contextmanager
def only_one(path: Path, *, worker: str = "bot") -> Iterator[None]:
    """Hold the lock of a store, or of a part of it that is worked on alone; ConfigError while
    another process holds it."""
    file = lock_of(path)
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        mend = "check [store] path in the configuration: folder, rights, free space"
        raise ConfigError(f"no lock can be made: {error}", where=str(file), mend=mend) from error
    try:
        _take(handle, file, path, worker)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)  # frees the lock, as the end of the process does


def _take(handle: int, file: Path, path: Path, worker: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise ConfigError(
            f"another {worker} works on this store (process {holder})",
            where=str(path),
            mend=f"stop it first, or give this one another [store] path (the lock is {file.name})",
        ) from error
