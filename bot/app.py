"""The composition root: configuration in, wired parts out; it alone knows concrete classes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.central_bank import FED
from bot.chat.subscribed import Subscribed
from bot.clock import Clock
from bot.config import Config, RouteEntry, quiet_time
from bot.errors import ConfigError
from bot.judge import Judge
from bot.judge.withheld import FRESH, watched_keys
from bot.market import PRICES
from bot.pipeline import EDGAR
from bot.routes import Daily, QuietTime, Routes, Way
from bot.rules.loading import Loaded, Text, load_rules
from bot.rules.model import Rule
from bot.rules.problems import Unread
from bot.store import Store

_RULE_FILES = (".yaml", ".yml")


def load_rule_paths(paths: Iterable[Path]) -> Loaded:
    """All rules in files and folders; ConfigError where a path leads nowhere or holds no file."""
    return load_rules(rule_texts(paths))


def rule_texts(paths: Iterable[Path]) -> list[tuple[str, Text]]:
    """Name and text of each rule file in files and folders; ConfigError as above.

    What is named like a rule file and can not be read is a mistake among those of the others.
    """
    files = dict.fromkeys(file for path in paths for file in _rule_files(path))
    return [(str(file), _text(file)) for file in files]


def _rule_files(path: Path) -> list[Path]:
    """The rule files of a path; hidden ones are those of editors, of git and of mounted volumes."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        mend = "give a file or a folder with .yaml files, or set [rules] path"
        raise ConfigError("there is no such file or folder", where=str(path), mend=mend)
    files = [file for file in sorted(path.rglob("*")) if _is_rule_file(file, path)]
    if not files:
        mend = "put .yaml files into it, or set [rules] path"
        raise ConfigError("no rules here", where=str(path), mend=mend)
    return files


def _is_rule_file(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.suffix.lower() in _RULE_FILES and not hidden


def _text(file: Path) -> Text:
    """The text of a rule file; bytes that are no UTF-8 stay, for the reader to tell their place."""
    if not file.is_file():  # a pipe is not opened: it would wait for a writer
        what = "this is a folder, no file" if file.is_dir() else "this is no file that can be read"
        return Unread(what=what, mend="take it out, mend where it leads, or name it otherwise")
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        mend = "let the bot read the file, or take it out of the folder"
        return Unread(what=f"this can not be read: {error.strerror}", mend=mend)


def active_rules(config: Config, paths: Sequence[Path] = ()) -> Sequence[Rule]:
    """The rules in force; InvalidRules where any file has a mistake."""
    return load_rule_paths(paths or [config.rules.path]).or_raise()


def route_of(config: Config) -> Routes:
    """Where alerts go and when: by the routes of the configuration, in their order."""
    times = {entry.name: quiet_time(entry) for entry in config.quiet}
    stories = config.alerts.stories or None
    ways = [
        _way(entry, number, times, stories) for number, entry in enumerate(config.routes, start=1)
    ]
    return Routes(channel=config.alerts.channel, ways=ways, stories=stories)


def _way(
    entry: RouteEntry, number: int, times: Mapping[str, QuietTime], stories: timedelta | None
) -> Way:
    digest = entry.digest
    return Way(
        number=number,
        severities=entry.severity or frozenset(),
        kinds=entry.kind or frozenset(),
        rules=entry.rule or frozenset(),
        tags=entry.tags or frozenset(),
        tickers=entry.ticker or frozenset(),
        to=entry.to or (),
        goes_on=entry.continue_,
        digest=replace(digest, zone=entry.zone) if isinstance(digest, Daily) else digest,
        digest_by=entry.digest_by,
        stories=stories if entry.stories is None else entry.stories or None,
        quiet=tuple(times[name] for name in entry.quiet or ()),
    )


def judge_of(config: Config, store: Store, rules: Sequence[Rule], *, clock: Clock) -> Judge:
    """The judge of a store, the same for the live bot and for a back-fill beside it."""
    return Judge(
        store,
        rules,
        clock=clock,
        route=route_of(config),
        stale_after=config.alerts.stale_after,
        watched=lambda rule: watched_keys(rule, config.edgar.watch, sources_of(config)),
        ops_channel=config.alerts.ops_channel,
        fresh=fresh_of(config),
        subscribed=Subscribed(store, clock=clock),
    )


def fresh_of(config: Config) -> timedelta:
    """A source answers while its last whole answer is not older."""
    return max(FRESH, 3 * max(config.edgar.every, config.fed.every))


def sources_of(config: Config) -> Sequence[str]:
    """The sources that the live bot asks."""
    prices = () if config.prices.chosen == "off" else (PRICES,)
    return (EDGAR, *prices, *((FED,) if config.fed.enabled else ()))


@contextmanager
def reading_store(config: Config) -> Iterator[Store]:
    """The store of a bot that may be running; ConfigError where there is none yet."""
    path = config.store.path
    if not path.exists():
        mend = "start the bot once with `bot run`, or set [store] path"
        raise ConfigError("there is no store yet", where=str(path), mend=mend)
    store = Store(path)
    try:
        yield store
    finally:
        store.close()
