"""Files through the whole line, as if each document had just been accepted by EDGAR.

The clock stands at the instant when a document became known.  A replay that was killed goes on
where it stopped: documents are kept in batches with fixed cuts, each batch in one transaction, and
what a batch left undone is done before the next.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.clock import EPOCH
from bot.errors import ConfigError, SourceUnreadable
from bot.insider import Filing, digest_of, known_at
from bot.judge import Judge, Route
from bot.notifiers import Notifier
from bot.outbox import Outgoing
from bot.pipeline import EDGAR, read_documents
from bot.rules.model import Rule
from bot.sources.edgar.ownership import read_filing
from bot.store import NewDocument, Store

_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file to replay: when its document became known, and the key that names it."""

    path: Path
    key: str
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The files of a replay in the order in which they became known.

    repeated: files that hold a filing that another of them holds.
    guessed: how many state no acceptance time, so that a day they name stands for it.
    """

    files: tuple[Found, ...]
    repeated: int
    guessed: int


def find_documents(paths: Iterable[Path]) -> Findings:
    """The documents in files and folders; ConfigError where a path leads nowhere.

    What can not be read has no time of its own and comes first.
    """
    found: dict[str, Found] = {}
    files = guessed = 0
    for path in _files(paths):
        files += 1
        each, certain = _found(path)
        if found.setdefault(each.key, each) is each:
            guessed += not certain
    ordered = sorted(found.values(), key=lambda each: (each.known_at, each.key))
    return Findings(files=tuple(ordered), repeated=files - len(found), guessed=guessed)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            yield path
        else:
            mend = "give files or folders of ownership documents"
            raise ConfigError("no such file or folder", where=str(path), mend=mend)


def _found(path: Path) -> tuple[Found, bool]:
    body = path.read_bytes()
    filing = _filing(body, path.name)
    if filing is None:
        return Found(path=path, key=f"sha256-{digest_of(body)[:16]}", known_at=EPOCH), True
    key = filing.accession_number or f"sha256-{digest_of(body)[:16]}"
    return Found(path=path, key=key, known_at=known_at(filing)), filing.accepted_at is not None


def _filing(body: bytes, name: str) -> Filing | None:
    try:
        return read_filing(body, name=name)
    except SourceUnreadable:
        return None


class Replay:
    """One replay into one store."""

    def __init__(
        self, store: Store, rules: Sequence[Rule], notifier: Notifier, *, route: Route
    ) -> None:
        self._store = store
        self._now = EPOCH
        self._outgoing = Outgoing(store, notifier, clock=lambda: self._now, harmless=True)
        self._judge = Judge(store, rules, clock=lambda: self._now, route=route)

    def run(self, files: Sequence[Found], *, progress: Callable[[int], None]) -> None:
        """Take the files through the line; ``progress`` is told how many are done."""
        batches = [files[at : at + _BATCH] for at in range(0, len(files), _BATCH)]
        done = self._done(batches)
        progress(sum(map(len, batches[:done])))
        for batch in batches[done:]:
            self._now = batch[-1].known_at
            self._keep(batch)
            self._drain()
            progress(len(batch))

    def _done(self, batches: Sequence[Sequence[Found]]) -> int:
        """Batches that an earlier run has done: the last one kept may be half-done."""
        for place in range(len(batches) - 1, 0, -1):
            if self._store.documents.known(EDGAR, [batches[place][0].key]):
                return place
        return 0

    def _keep(self, batch: Sequence[Found]) -> None:
        with self._store.writing():
            for each in batch:
                document = NewDocument(
                    source=EDGAR,
                    key=each.key,
                    name=each.path.name,
                    body=each.path.read_bytes(),
                    url=str(each.path),
                )
                self._store.documents.add([document], seen_at=each.known_at)

    def _drain(self) -> None:
        while read_documents(self._store).documents:
            pass
        while self._judge.judge():
            pass
        self._outgoing.deliver()
