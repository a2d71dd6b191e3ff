"""Wires the desk where questions are answered, for Slack and for the terminal."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache

from bot.app import fresh_of, load_rule_paths, rule_texts, sources_of
from bot.chat.answer import Answer
from bot.chat.ask import Permalink, Wired, no_permalink
from bot.chat.asker import Asker
from bot.chat.command import Command
from bot.chat.desk import Desk
from bot.chat.permissions import Permissions, no_members
from bot.clock import Clock, system_clock
from bot.config import Config
from bot.errors import ConfigError
from bot.rules.loading import load_rules
from bot.rules.model import Rule
from bot.store import Store

_TAKEN_UP = "a bot that runs takes it up within seconds, or tells operators why not"


def desk_of(
    config: Config,
    store: Store,
    *,
    rules: Callable[[], Sequence[Rule]],
    refused: Callable[[], Iterable[str]] = tuple,
    members: Callable[[str], Collection[str]] = no_members,
    name_of: Callable[[str], str] = str,
    permalink: Permalink = no_permalink,
    clock: Clock = system_clock,
) -> Desk:
    """rules, refused: as the running bot has them.  members, name_of, permalink: as Slack knows
    people, groups, channels and messages."""
    chat = config.chat
    permissions = Permissions(
        mute=chat.mute,
        acknowledge=chat.acknowledge,
        subscribe=chat.subscribe,
        members=members,
        name_of=name_of,
    )
    wired = Wired(
        rules=rules,
        refused=refused,
        doctor=lambda: _findings(config),
        permissions=permissions,
        permalink=permalink,
        name_of=name_of,
        sources=sources_of(config),
        fresh=fresh_of(config),
        channel=config.alerts.channel,
    )
    return Desk(store, wired=wired, clock=clock)


def terminal_desk(config: Config, store: Store, *, clock: Clock = system_clock) -> Desk:
    """The desk of a terminal beside a bot that may be running; rules are read where asked for.

    They are those of that bot, and of the files where no bot has judged by any yet.
    """

    @cache
    def rules() -> Sequence[Rule]:
        if kept := store.rule_files.in_force():
            return load_rules(kept.items()).rules
        return load_rule_paths([config.rules.path]).rules

    return desk_of(config, store, rules=rules, refused=lambda: _refused(config, store), clock=clock)


def _refused(config: Config, store: Store) -> Sequence[str]:
    """What keeps the newest version of files from being in force, as far as a terminal can know:
    what a start would refuse, and what the bot that judges has not taken up."""
    from bot.rehearsal import rehearse
    from bot.reload import choose

    try:
        texts = dict(rule_texts([config.rules.path]))
    except ConfigError as error:
        return [f"{error.where} can not be read: the last good rules stay in force"]
    good = store.rule_files.last_good(texts)
    choice = choose(texts, good, rehearse)
    changed = [name for name, text in choice.texts.items() if good and good.get(name) != text]
    return [
        *map(choice.headline, choice.refused),
        *(f"{name} has changed and is not in force: {_TAKEN_UP}" for name in changed),
    ]


def answer_command(store: Store, config: Config, command: Command, asker: Asker) -> Answer:
    """What a command that was read at the terminal is answered."""
    return terminal_desk(config, store).run(command, asker)


def _findings(config: Config) -> Iterator[str]:
    """What the doctor finds; loaded where it is asked, with all that it looks at."""
    from bot.doctor import examine
    from bot.finding import Health

    for finding in examine(config):
        mark = "ok" if finding.health is Health.GOOD else finding.health.value
        mend = f" (mend: {finding.mend})" if finding.mend else ""
        yield f"{mark} · {finding.what}: {finding.told}{mend}"
