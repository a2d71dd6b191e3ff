"""The shelf of measures: to add one, write its file and name it here."""

from bot.rules.measures.change import CHANGE
from bot.rules.measures.count import COUNT
from bot.rules.measures.distinct import DISTINCT
from bot.rules.measures.extreme import MAX, MIN
from bot.rules.measures.last import LAST
from bot.rules.measures.seen import SEEN
from bot.rules.measures.share import SHARE
from bot.rules.measures.total import AVG, SUM
from bot.rules.measures.verb import Argument, Verb
from bot.rules.measures.zscore import ZSCORE

VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (COUNT, SUM, AVG, MIN, MAX, DISTINCT, LAST, CHANGE, ZSCORE, SHARE, SEEN)
}

__all__ = ["VERBS", "Argument", "Verb"]
