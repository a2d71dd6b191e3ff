"""The words with which the Committee moves its target, and the target itself as a phrase."""

from enum import StrEnum

from bot.fed.tokens import Cursor, one_of


class Act(StrEnum):
    """What is done to the target."""

    HIKE = "hike"
    CUT = "cut"
    HOLD = "hold"
    SET = "set"  # the words tell no direction: "establish a target range"


def _by_word(**acts: str) -> dict[str, Act]:
    return {word: Act(act) for act, words in acts.items() for word in words.split()}


DOES = _by_word(
    hike="raise increase lift boost hike",
    cut="lower reduce cut decrease ease",
    hold="maintain keep leave hold retain reaffirm continue",
    set="establish set adopt adjust move change bring shift",
)
DOING = _by_word(
    hike="raising increasing lifting boosting hiking",
    cut="lowering reducing cutting decreasing easing",
    hold="maintaining keeping leaving holding retaining reaffirming",
    set="establishing setting adopting adjusting moving changing bringing shifting",
)
DONE = _by_word(
    hike="raised increased lifted boosted hiked",
    cut="lowered reduced cut decreased eased",
    hold="maintained kept left held retained reaffirmed",
    set="established set adopted adjusted moved changed brought shifted",
)
NOUNS = _by_word(
    hike="increase hike rise firming",
    cut="decrease reduction cut easing lowering",
    hold="change",
)

COMMITTEE = frozenset(("committee", "fomc"))
DECIDES = one_of("decided decides voted votes agreed agrees chose elected determined resolved")
REAFFIRMS = frozenset(("reaffirmed", "reaffirms", "reaffirming"))
AUXILIARIES = one_of("was were is be been has have remain remains remained stays should will")

OTHERS = one_of(
    "who whom that if until unless when whether would should could might may preferred prefer "
    "prefers preferring expects expected anticipates anticipated intends directs directed "
    "desk board governors judges believes believed not against voting dissent dissented "
    "president mr. ms. governor"
)
"""Words that hand the sentence to somebody else, or to another mood."""

_FILLERS = one_of(
    "today also unanimously further again therefore thus now once more accordingly unchanged "
    "steady constant effective immediately , yesterday"
)
_FILLING_PHRASES = (
    ("at", "this", "meeting"),
    ("at", "its", "meeting"),
    ("at", "today's", "meeting"),
    ("in", "a", "unanimous", "vote"),
    ("by", "a", "unanimous", "vote"),
    ("by", "unanimous", "vote"),
    ("by", "notation", "vote"),
)
_DETERMINERS = one_of(
    "its the a this existing current present exceptionally low intended new same our"
)


def fillers(cursor: Cursor) -> None:
    """Passes over words that change nothing of what is done: 'today', 'unchanged', commas."""
    while cursor.skip(_FILLERS) or any(cursor.phrase(*phrase) for phrase in _FILLING_PHRASES):
        pass


def target_object(cursor: Cursor) -> bool | None:
    """The target as a phrase: 'its target for the federal funds rate', 'the target range'.

    A plain 'target' is one only with the federal funds rate behind it; a range needs none.
    """
    cursor.skip(_DETERMINERS)
    return cursor.attempt(_target_first) or cursor.attempt(_rate_first)


def _target_first(cursor: Cursor) -> bool | None:
    if not cursor.phrase("target"):
        return None
    ranged = bool(cursor.word(("range", "band")))
    ranged or cursor.word(("rate", "level"))
    fillers(cursor)
    named = cursor.attempt(_for_the_rate) or cursor.attempt(_federal_funds)
    return True if ranged or named else None


def _for_the_rate(cursor: Cursor) -> bool | None:
    if not cursor.word(("for", "of", "on")):
        return None
    cursor.skip(_DETERMINERS)
    return cursor.attempt(_federal_funds)


def _federal_funds(cursor: Cursor) -> bool | None:
    if not cursor.word(("federal-funds", "fed-funds")) and not (
        cursor.word(("federal", "fed")) and cursor.phrase("funds")
    ):
        return None
    cursor.word(("rate",))
    return True


def _rate_first(cursor: Cursor) -> bool | None:
    if not cursor.attempt(_federal_funds):
        return None
    cursor.skip(("rate", "target", "range"))
    return True
