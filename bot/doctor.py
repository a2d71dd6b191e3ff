"""Looks at everything the bot needs, one line each, with the mend for what is wrong."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.app import load_rule_paths, route_of, rule_texts
from bot.clock import NEW_YORK, new_york_day, system_clock
from bot.config import Config
from bot.edgar_desk import UNKNOWN_MEND, edgar_client, unknown_told, watch_of
from bot.errors import BotError, ConfigError
from bot.facts import VALUATION
from bot.fed_desk import ask_for_news
from bot.finding import Finding, Health, good, warning
from bot.market.asking import STALE, is_stale, newest_closed
from bot.pipeline import EDGAR
from bot.price_desk import ask_for_one, tables_of
from bot.rehearsal import rehearse
from bot.release_desk import plans
from bot.reload import choose
from bot.slack_doctor import slack_findings
from bot.sources.edgar.client import EdgarClient, NotThere
from bot.sources.edgar.contact import user_agent
from bot.sources.edgar.feed import FeedPage, read_feed
from bot.sources.edgar.pace import Stopped
from bot.store import Store
from bot.store.failures import store_failure

_LEAST_FREE = 1024**3
_FULL = 8 * 1024**2
_NAMED = 5
_CLOCK_OFF = timedelta(seconds=90)
_SOME_CIK = "0000320193"


def examine(config: Config, *, probe_in: str | None = None) -> Iterator[Finding]:
    """All findings; each check stands alone, so that one failure hides no other.

    probe_in: the channel of Slack into which a message is posted and taken away again.
    """
    yield from _tried("rules", lambda: _rules(config))
    if config.routes:
        yield from _tried("routes", lambda: _routes(config))
    yield from _tried("store", lambda: _store(config))
    yield from _tried("disk", lambda: _disk(config.store.path))
    yield from _tried("contact", lambda: _contact(config))
    yield from _edgar(config)
    yield from _prices(config)
    yield from _tried("Federal Reserve", lambda: _fed(config))
    yield from _calendars(config)
    try:
        yield from slack_findings(config, probe_in=probe_in)
    except BotError as error:
        yield _bad("Slack", error)


def _tried(what: str, check: Callable[[], Finding]) -> Iterator[Finding]:
    try:
        yield check()
    except BotError as error:
        yield _bad(what, error)
    except Exception as error:
        failure = store_failure(error)
        if failure is None:
            raise
        yield _bad(what, failure)


def _bad(what: str, error: BotError) -> Finding:
    return Finding(what=what, health=Health.BAD, told=error.what, mend=error.mend)


def _rules(config: Config) -> Finding:
    """What a start now would put in force: each file, or what was last good of it."""
    path = config.rules.path
    texts = dict(rule_texts([path]))
    choice = choose(texts, _last_good(config.store.path, texts), rehearse)
    told = [f"{len(choice.rules)} rules from {path}"]
    told += [f"{name} is refused: {choice.instead(name)}" for name in choice.refused]
    if not choice.refused:
        return Finding(what="rules", health=Health.GOOD, told=told[0])
    mend = f"bot rules check {path}, then bot rules test {path}"
    health = Health.WARNING if choice.rules else Health.BAD
    return Finding(what="rules", health=health, told="; ".join(told), mend=mend)


def _routes(config: Config) -> Finding:
    """Whether the rules that routes name are there."""
    rules = {rule.id for rule in load_rule_paths([config.rules.path]).rules}
    unknown = route_of(config).unknown_rules(rules)
    told = [f"routes: {len(config.routes)}, quiet times: {len(config.quiet)}"]
    told += [
        f"route {number} names the rule {name}, which there is not" for number, name in unknown
    ]
    if not unknown:
        return good("routes", told[0])
    mend = "`bot rules list` names the rules, `bot routes` the routes"
    return warning("routes", "; ".join(told), mend)


def _last_good(path: Path, names: Iterable[str]) -> dict[str, str]:
    """The texts that the store keeps of these files; none where it can not be read, which another
    check tells."""
    if not path.exists():
        return {}
    try:
        with closing(Store(path)) as store:
            return store.rule_files.last_good(names)
    except Exception as error:
        if isinstance(error, BotError) or store_failure(error):
            return {}
        raise


def _store(config: Config) -> Finding:
    path = config.store.path
    if not path.parent.is_dir():
        told, mend = f"{path}: there is no such folder", "make it, or set another [store] path"
        return Finding(what="store", health=Health.BAD, told=told, mend=mend)
    if not path.exists():
        return Finding(what="store", health=Health.GOOD, told=f"{path}: made at the first start")
    with closing(Store(path)) as store:
        store.collection.try_writing()
        return _collected(store)


def _collected(store: Store) -> Finding:
    """What was kept, and what EDGAR lists that was not."""
    told = [f"{store.documents.count():,} documents, {_whole_days(store)}"]
    aside = {each.name: each.error for each in store.documents.unreadable()}
    missing = store.collection.missing(EDGAR)
    pending = store.collection.pending(EDGAR)
    waiting = {str(each["accession_number"]): str(each["reason"]) for each in pending}
    strange = any(not each.get("absent", True) for each in pending)
    told += _counted("unreadable", aside)
    told += _counted("listed by EDGAR but not obtained, given up", missing)
    told += _counted("listed by EDGAR but not obtained yet", waiting)
    mends = ["report what can not be read"] if aside else []
    mends += ["`bot backfill` with the company's CIK asks again for what was given up"] * bool(
        missing
    )
    mends += ["nothing to do, what is not obtained yet is asked for again"] * strange
    health = Health.WARNING if mends else Health.GOOD
    return Finding(what="store", health=health, told="; ".join(told), mend="; ".join(mends))


def _whole_days(store: Store) -> str:
    """Which days are known whole; what was filed before the first start is nobody's loss."""
    started, last = store.collection.first_started_at(), store.collection.last_whole_day(EDGAR)
    if started is None or last is None:
        return "the bot has not run yet"
    first = new_york_day(started)
    if last < first:
        return f"collecting since {first}, no day is over and read whole yet"
    return f"every index read from {first} up to {last}"


def _counted(how: str, reasons: Mapping[str, str]) -> Iterator[str]:
    """How many there are, and the reasons of the last few."""
    if reasons:
        named = [f"{name}: {reason}" for name, reason in list(reasons.items())[-_NAMED:]]
        if left := len(reasons) - len(named):
            named.append(f"and {left:,} more")
        yield f"{len(reasons):,} {how} ({'; '.join(named)})"


def _disk(path: Path) -> Finding:
    there = next(folder for folder in path.resolve().parents if folder.is_dir())
    free = shutil.disk_usage(there).free
    told = f"{free / 1024**3:,.1f} GiB free"
    if free < _FULL:
        told, mend = "full: nothing new can be kept", "free some space, or move [store] path"
        return Finding(what="disk", health=Health.BAD, told=told, mend=mend)
    if free < _LEAST_FREE:
        mend = "free some space, or move [store] path; 20 years of filings need about 10 GiB"
        return Finding(what="disk", health=Health.WARNING, told=told, mend=mend)
    return Finding(what="disk", health=Health.GOOD, told=told)


def _contact(config: Config) -> Finding:
    return Finding(what="contact", health=Health.GOOD, told=user_agent(config.edgar.contact))


def _edgar(config: Config) -> Iterator[Finding]:
    """The feed, the clock it shows, and the lists of companies."""
    with ExitStack() as opened:
        store = None
        try:
            if config.store.path.exists():
                store = opened.enter_context(closing(Store(config.store.path)))
            client = opened.enter_context(edgar_client(config, store))
        except BotError:
            mend = "mend the contact and the store first"
            yield Finding(what="EDGAR", health=Health.BAD, told="not asked", mend=mend)
            return
        if client.pace.stopped_until is not None:
            stop = client.pace.stopped(config.edgar.www_url)
            yield Finding(what="EDGAR", health=Health.BAD, told=stop.what, mend=stop.mend)
            return
        try:
            page = read_feed(client.feed(0, 40), where="latest filings")
        except BotError as error:
            yield _bad("EDGAR feed", error)
            if isinstance(error, (ConfigError, Stopped)):
                return  # nothing more is asked
            told, mend = "not compared: EDGAR told no time", "mend the feed first"
            yield Finding(what="clock", health=Health.WARNING, told=told, mend=mend)
        else:
            yield _feed(page)
            yield _clock(page)
        yield from _tried("EDGAR data", lambda: _data(client))
        if config.edgar.watch:
            yield from _tried("watch list", lambda: _watch(config, client))


def _feed(page: FeedPage) -> Finding:
    newest = max((entry.at for entry in page.entries), default=None)
    if newest is None:
        return Finding(what="EDGAR feed", health=Health.GOOD, told="answers, no Form 4 on it")
    told = f"answers, newest Form 4 accepted {newest.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S} ET"
    return Finding(what="EDGAR feed", health=Health.GOOD, told=told)


def _clock(page: FeedPage) -> Finding:
    made = page.updated
    if made is None:
        return Finding(what="clock", health=Health.WARNING, told="EDGAR did not tell the time")
    off = system_clock() - made
    told = f"{off.total_seconds():+.0f} s from EDGAR's"
    if abs(off) > _CLOCK_OFF:
        mend = "set the machine's clock, or let it follow a time server"
        return Finding(what="clock", health=Health.WARNING, told=told, mend=mend)
    return Finding(what="clock", health=Health.GOOD, told=told)


def _data(client: EdgarClient) -> Finding:
    try:
        told = f"answers ({len(client.submissions(_SOME_CIK)):,} bytes)"
    except NotThere:
        told = f"answers, without the company {_SOME_CIK}"
    return Finding(what="EDGAR data", health=Health.GOOD, told=told)


def _watch(config: Config, client: EdgarClient) -> Finding:
    watch = watch_of(config, client)
    told = f"{len(watch.ciks)} watched"
    if watch.unknown:
        told += f", but {unknown_told(watch.unknown)}"
        return Finding(what="watch list", health=Health.WARNING, told=told, mend=UNKNOWN_MEND)
    return Finding(what="watch list", health=Health.GOOD, told=told)


def _prices(config: Config) -> Iterator[Finding]:
    """Whether the provider answers, and what the store has of it."""
    if config.prices.chosen == "off":
        told = "off: rules on prices see nothing new"
        yield Finding(what="prices", health=Health.GOOD, told=told)
        return
    yield from _tried("prices", lambda: _provider(config))
    if config.store.path.exists():
        yield from _tried("bars", lambda: _bars(config))
    yield from _tried("valuations", lambda: _valuations(config))


def _provider(config: Config) -> Finding:
    chosen = config.prices.chosen
    told, mend = ask_for_one(config, clock=system_clock)
    health = Health.WARNING if mend else Health.GOOD
    return Finding(what="prices", health=health, told=f"{chosen}: {told}", mend=mend)


def _bars(config: Config) -> Finding:
    """Of whom there are bars up to when, and who is stale or refused."""
    with closing(Store(config.store.path)) as store:
        followed = store.followed.all()
    known = [each.last for each in followed if each.last is not None]
    if not known:
        told, mend = "none yet", "start the bot: it asks for them at its start"
        return Finding(what="bars", health=Health.GOOD, told=told, mend=mend)
    newest, due = max(known), newest_closed(system_clock())
    found = [f"of {len(known):,} tickers up to {newest}"]
    stale = {f.ticker: f"last {f.last}" for f in followed if is_stale(f, due)}
    refused = {f.ticker: f.refused for f in followed if f.last is None and f.refused}
    found += _counted(f"without a bar for {STALE} sessions: halted, delisted or renamed", stale)
    found += _counted("refused", refused)
    mends = ["start the bot: sessions are missing"] if newest < due else []
    mends += ["take what has ended out of [prices] watch"] * bool(stale)
    mends += ["mend what the provider refuses, or take it out of [prices] watch"] * bool(refused)
    health = Health.WARNING if mends else Health.GOOD
    return Finding(what="bars", health=health, told="; ".join(found), mend="; ".join(mends))


def _valuations(config: Config) -> Finding:
    """What there is to value companies and funds by, and the mistakes of the user's tables."""
    told, mistakes, unused = tables_of(config, clock=system_clock)
    found = [told] if told else []
    in_vain: Mapping[str, str] = {}
    if config.store.path.exists():
        with closing(Store(config.store.path)) as store:
            found += _figures(store)
            in_vain = _asked_in_vain(store)
    found += _counted("asked for in vain", in_vain)
    found += _counted("wrong in the tables", mistakes)
    found += _counted("not used in them", unused)
    mends = [
        "nothing to do about figures that do not come, each is asked for again after a pause; if "
        "it lasts, look at the SEC's companyfacts of that CIK"
    ] * bool(in_vain)
    mends += ["mend the lines, the others are used; docs/operations.md tells the columns"] * bool(
        mistakes
    )
    mends += ["add newer rows to the tables, or mend the day of those to come"] * bool(unused)
    text = "; ".join(found) or "none yet"
    health = Health.WARNING if mends else Health.GOOD
    return Finding(what="valuations", health=health, told=text, mend="; ".join(mends))


def _figures(store: Store) -> Iterator[str]:
    """Whose figures are known, and of when the newest reading is."""
    asked = store.figures.asked().values()
    known = [each.changed_at for each in asked if each.digest and each.changed_at]
    if known:
        newest = new_york_day(max(known))
        yield f"companies with figures: {len(known):,}, the newest of {newest}"
    for row in store.facts.select(VALUATION, limit=1):
        yield f"newest reading of {VALUATION.own['as_of'].loaded(row['as_of'])}"


def _asked_in_vain(store: Store) -> Mapping[str, str]:
    """Why the figures of companies do not come, by ticker or CIK."""
    tickers = {cik: ticker for ticker, cik in store.figures.ciks().items()}
    asked = [each for each in store.figures.asked().values() if each.tries]
    return {
        tickers.get(each.cik, f"CIK {each.cik}"): each.reason or "no answer"
        for each in sorted(asked, key=lambda each: each.cik)
    }


def _fed(config: Config) -> Finding:
    """Whether the Board answers, and with what."""
    what = "Federal Reserve"
    if not config.fed.enabled:
        told = "off: rules on it see nothing new"
        return Finding(what=what, health=Health.GOOD, told=told)
    told, unread = ask_for_news(config)
    if not unread:
        return Finding(what=what, health=Health.GOOD, told=told)
    mend = "report it: the feed may have a new shape"
    told += f"; {unread} could not be read"
    return Finding(what=what, health=Health.WARNING, told=told, mend=mend)


def _calendars(config: Config) -> Iterator[Finding]:
    """Whether the agencies tell what they will release; nothing where nobody is waited for."""
    for name, ask in plans(config, system_clock()):
        yield from _tried(f"{name} calendar", partial(_calendar, name, ask))


def _calendar(name: str, ask: Callable[[], str]) -> Finding:
    return Finding(what=f"{name} calendar", health=Health.GOOD, told=ask())
