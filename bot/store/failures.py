"""What SQLite raises, in words for the operator."""

import sqlite3

from bot.errors import ConfigError

_MENDS = {
    "readonly": "let the bot write to the file and its folder",
    "full": "free some space, or move the store",
    "disk I/O": "see that its disk is neither full nor failing, and that the limit on the size of "
    "files (ulimit -f) is not reached",
    "locked": "another process writes for long: stop it, then try again",
    "malformed": "put a backup in its place; the damaged file may be mended with sqlite3 .recover",
    "already exists": "this file is another program's database: name another file",
    "no such": "this file is another program's database: name another file",
}


def store_failure(error: BaseException) -> ConfigError | None:
    """The failure of the store behind an error; None where it is no failure of the store."""
    if not isinstance(error, sqlite3.Error):
        return None
    told = str(error)
    mend = next((mend for word, mend in _MENDS.items() if word in told), "check the file")
    notes = getattr(error, "__notes__", None) or ["the store"]
    return ConfigError(told, where=notes[0], mend=mend)
