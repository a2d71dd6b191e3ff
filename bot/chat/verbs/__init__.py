"""What can be asked: a shelf, one verb a file."""

from collections.abc import Callable, Mapping

from bot.chat.answer import Answer
from bot.chat.ask import Ask
from bot.chat.command import Verb
from bot.chat.verbs.ack import ack
from bot.chat.verbs.doctor import doctor
from bot.chat.verbs.export import export
from bot.chat.verbs.health import health
from bot.chat.verbs.help import help
from bot.chat.verbs.mute import mute
from bot.chat.verbs.mutes import mutes
from bot.chat.verbs.rules import rules
from bot.chat.verbs.search import search
from bot.chat.verbs.show import show
from bot.chat.verbs.stats import stats
from bot.chat.verbs.subs import subs
from bot.chat.verbs.subscribe import subscribe
from bot.chat.verbs.test import test
from bot.chat.verbs.unmute import unmute
from bot.chat.verbs.unsubscribe import unsubscribe
from bot.chat.verbs.why import why

VERBS: Mapping[Verb, Callable[[Ask], Answer]] = {
    Verb.SEARCH: search,
    Verb.STATS: stats,
    Verb.EXPORT: export,
    Verb.SHOW: show,
    Verb.WHY: why,
    Verb.MUTE: mute,
    Verb.MUTES: mutes,
    Verb.UNMUTE: unmute,
    Verb.ACK: ack,
    Verb.SUBSCRIBE: subscribe,
    Verb.SUBS: subs,
    Verb.UNSUBSCRIBE: unsubscribe,
    Verb.RULES: rules,
    Verb.TEST: test,
    Verb.DOCTOR: doctor,
    Verb.HEALTH: health,
    Verb.HELP: help,
}
