"""Files through the whole line, as if each document had just been accepted by EDGAR.

The clock stands at the instant when a document became known.  A replay that was killed goes on
where it stopped: documents are kept in batches with fixed cuts, each batch in one transaction, and
what a batch left undone is done before the next.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.clock import EPOCH, from_ms
from bot.errors import ConfigError, SourceUnreadable
from bot.insider.facts import digest_of, known_at
from bot.insider.filing import Filing
from bot.insider.notices import Notice, announced_at
from bot.judge import Judge
from bot.notices import conclude_notices
from bot.notifiers import Notifier
from bot.outbox import Outgoing
from bot.pipeline import EDGAR, read_documents
from bot.routes import Route
from bot.rules.model import Rule
from bot.sources.edgar.files import read_file
from bot.sources.edgar.forms import read_document
from bot.store import Document, NewDocument, Store

_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file to replay: when its document became known, and the key that names it.

    certain: the document states that time; else a day it names stands for it.
    """

    path: Path
    key: str
    known_at: datetime
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The files of a replay in the order in which they became known.

    repeated: how many more hold a filing that one of them holds.
    refused: files that can not even be opened, and why.
    """

    files: tuple[Found, ...]
    repeated: int
    refused: tuple[tuple[str, str], ...]

    @property
    def guessed(self) -> int:
        """How many state no acceptance time."""
        return sum(not each.certain for each in self.files)


def find_documents(paths: Iterable[Path]) -> Findings:
    """The documents in files and folders; ConfigError where a path leads nowhere.

    What can not be read has no time of its own and comes first.  Of several files with one filing
    the first that states its acceptance counts.
    """
    found: dict[str, Found] = {}
    refused: list[tuple[str, str]] = []
    repeated = 0
    for path in _files(paths):
        try:
            each = _found(path)
        except SourceUnreadable as error:
            refused.append((path.name, error.what))
            continue
        held = found.get(each.key)
        repeated += held is not None
        if held is None or (each.certain and not held.certain):
            found[each.key] = each
    ordered = sorted(found.values(), key=lambda each: (each.known_at, each.key))
    return Findings(files=tuple(ordered), repeated=repeated, refused=tuple(refused))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            yield path
        else:
            mend = "give files or folders of ownership documents"
            raise ConfigError("no such file or folder", where=str(path), mend=mend)


def _found(path: Path) -> Found:
    body = read_file(path)
    form = _form(body, path.name)
    digest = f"sha256-{digest_of(body)[:16]}"
    if form is None:
        return Found(path=path, key=digest, known_at=EPOCH, certain=True)
    return Found(
        path=path,
        key=form.accession_number or digest,
        known_at=announced_at(form) if isinstance(form, Notice) else known_at(form),
        certain=form.accepted_at is not None,
    )


def _form(body: bytes, name: str) -> Filing | Notice | None:
    try:
        return read_document(body, name=name)
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
        """Take the files through the line; ``progress`` is told how many are done.

        What an earlier run kept and left undone is done first, at the time of the last file kept.
        """
        known = self._store.documents.known(EDGAR, [each.key for each in files])
        kept = [each for each in files if each.key in known]
        left = [each for each in files if each.key not in known]
        if kept:
            self._now = kept[-1].known_at
            self._drain()
            progress(len(kept))
        for start in range(0, len(left), _BATCH):
            batch = left[start : start + _BATCH]
            self._now = batch[-1].known_at
            self._keep(batch)
            self._drain()
            progress(len(batch))
        self._tell_rest()

    def _tell_rest(self) -> None:
        """The time goes on after the last file until nothing waits for a digest."""
        while (due := self._store.outbox.next_digest()) is not None:
            self._now = max(self._now, from_ms(due))
            self._outgoing.deliver()

    def _keep(self, batch: Sequence[Found]) -> None:
        with self._store.writing():
            for each in batch:
                document = NewDocument(
                    source=EDGAR,
                    key=each.key,
                    name=each.path.name,
                    body=read_file(each.path),
                    url=str(each.path),
                )
                self._store.documents.add([document], seen_at=each.known_at)

    def _pass_time(self, document: Document) -> None:
        """What fell due by the clock before a document came."""
        conclude_notices(self._store, from_ms(document.seen_at))

    def _drain(self) -> None:
        while read_documents(self._store, before=self._pass_time).documents:
            pass
        while self._judge.judge():
            pass
        self._outgoing.deliver()
