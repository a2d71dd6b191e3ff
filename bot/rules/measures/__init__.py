"""The shelf of measures: to add one, write its file and name it here."""

from bot.rules.measures.count import COUNT
from bot.rules.measures.distinct import DISTINCT
from bot.rules.measures.last import LAST
from bot.rules.measures.total import SUM
from bot.rules.measures.verb import Argument, Verb

VERBS: dict[str, Verb] = {verb.name: verb for verb in (COUNT, SUM, DISTINCT, LAST)}

__all__ = ["VERBS", "Argument", "Verb"]
