"""How the Committee voted: the roll call, the tally of the format since June 2026, the dissents.

    roll    = "Voting" ["(by notation)"] side [what] ["was" | "were"] [":"] names
    side    = "for" | "in favor of" | "against"
    against = group ((";" | "," "and" | "and") group)*
    group   = names [("who" | "each of whom" | "preferring" ...) reason]

The tally of the form since June 2026 is read by ``tally``.
A list of names ends where no name follows, not at a full stop: 'Beth M. Hammack', 'Ferguson, Jr.'
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.fed.clauses import WISHED, clauses, former_or_latter, shares_out
from bot.fed.names import TITLES, names, surname
from bot.fed.openings import SET_OFF, side_of, subject_of
from bot.fed.preferences import Direction
from bot.fed.recaps import recaps
from bot.fed.tally import Tally, tally_of
from bot.fed.tokens import Cursor, Token, one_of, tokens
from bot.fed.typography import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent:
    """One vote against."""

    name: str
    preferred: str | None  # what the text says of it, in its words; None where it says nothing
    direction: Direction = Direction.OTHER  # against what was done, as far as that is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """What a text tells of the vote; a count is None where it tells none.

    Where more are named against than the tally counts, or not as many for it (``contradicted``),
    votes_for is None, and votes_against the larger of both counts.
    """

    votes_for: int | None = None
    votes_against: int | None = None
    voting_for: tuple[str, ...] = ()
    dissents: tuple[Dissent, ...] = ()
    alternates: tuple[str, ...] = ()  # among those who voted
    absent: tuple[str, ...] = ()
    on_action: bool = False  # whether it was on the policy action, not on another announcement
    roll: tuple[str, ...] = ()  # sentences of the roll call and of what the dissenters wanted
    tally: tuple[str, ...] = ()  # the sentence that counts the votes
    unread: tuple[str, ...] = ()  # sentences about the vote that could not be read
    contradicted: bool = False  # whether the names can not be those that the tally counts

    @property
    def evidence(self) -> tuple[str, ...]:
        """The sentences that the votes were read from."""
        return (*self.tally, *self.roll)

    @property
    def told(self) -> bool:
        """Whether the text tells anything of a vote."""
        return self.votes_for is not None or self.votes_against is not None


@dataclass(slots=True)
class _Call:
    """A roll call while it is read."""

    ayes: list[str] | None = None
    noes: list[Dissent] | None = None
    tally: Tally | None = None
    alternates: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    on_action: bool = False
    latest: list[int] = field(default_factory=list)  # dissents to whom later sentences belong
    roll: list[str] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


_SEATS = 12
"""Members of the Committee.  Source: Federal Reserve Act, section 12A."""

_RELATIVES = one_of(
    "who whom whose each both all preferring citing believing favoring dissenting supporting "
    "objecting opposing judging because arguing seeking wishing none neither"
)
_REASON_ENDS = frozenset((";", ",", "-", "and"))
_PRONOUNS = frozenset(("they", "both", "he", "she"))


def read_votes(sentences: Sequence[str], *, published_on: date | None = None) -> Votes:
    """The vote that the sentences of a statement tell, dissents in their order.

    published_on: tells a vote of today from one that is recalled.
    A sentence that opens like a roll call and cannot be read, and counts that contradict one
    another, stand in ``unread``.
    """
    call = _Call()
    for sentence in sentences:
        row = tokens(sentence)
        if _reads(call, row, plain(sentence)):
            call.roll.append(sentence)
        elif not recaps(sentence, published_on) and _counted(call, row):
            call.counted.append(sentence)
        elif _opens_a_call(row):
            call.unread.append(sentence)
    return _settled(call)


def _reads(call: _Call, row: tuple[Token, ...], sentence: str) -> bool:
    return (
        _roll(call, Cursor(row), sentence)
        or _absent(call, Cursor(row))
        or _alternate(call, row)
        or _explained(call, row, sentence)
    )


def _opens_a_call(row: tuple[Token, ...]) -> bool:
    words = {token.low for token in row}
    return bool(row) and (
        row[0].low in ("voting", "votes", "dissenting")
        or not words.isdisjoint({"dissented", "dissenting"})
        or {"voting", "against"} <= words
        or {"approved", "following", "statement", "release"} <= words
    )


# --- the roll


def _roll(call: _Call, cursor: Cursor, sentence: str) -> bool:
    side = cursor.attempt(side_of)
    if side is None:
        return False
    about = subject_of(cursor)
    if about is None:
        return False
    if side == "for":
        listed = cursor.attempt(names)
        if listed is None:
            return False
        if cursor.row[-1].text in (";", ","):  # cut off: who else voted is not known
            return False
        call.ayes = [*(call.ayes or []), *listed]
        call.on_action |= bool({"action", "decision", "policy"} & about) and not (
            {"announcement", "statement"} & about
        )
        return _against_in_the_same_sentence(call, cursor, sentence)
    return _against(call, cursor, sentence)


def _against_in_the_same_sentence(call: _Call, cursor: Cursor, sentence: str) -> bool:
    """'Voting for were A; and B; voting against was C, who ...' in one sentence."""
    for at in range(cursor.at, len(cursor.row)):
        behind = Cursor(cursor.row, at)
        if behind.attempt(side_of) == "against":
            return subject_of(behind) is not None and _against(call, behind, sentence)
    return all(token.kind == "mark" for token in cursor.row[cursor.at :])


def _against(call: _Call, cursor: Cursor, sentence: str) -> bool:
    noes = call.noes if call.noes is not None else []
    if cursor.word(("none", "nobody")) or cursor.phrase("no", "one"):
        call.noes = noes
        return True
    first = True
    while first or cursor.skip(_REASON_ENDS):
        listed = cursor.attempt(names)
        if listed is None:
            break
        first = False
        preferred = _reason(cursor, sentence)
        call.latest = list(range(len(noes), len(noes) + len(listed)))
        noes.extend(Dissent(name=each, preferred=preferred) for each in listed)
    if first:
        return False
    call.noes = noes
    return all(token.kind == "mark" for token in cursor.row[cursor.at :])


def _reason(cursor: Cursor, sentence: str) -> str | None:
    """The words behind the names up to the next group of names, or the end."""
    bracketed = cursor.low() == "("
    if cursor.low() in ("(", *SET_OFF) and cursor.low(1) in _RELATIVES:
        cursor.at += 1
    if cursor.low() not in _RELATIVES:
        return None
    start = cursor.at
    while not cursor.ended and not _group_begins(cursor):
        if bracketed and cursor.low() == ")":
            break
        cursor.at += 1
    first = cursor.peek() if cursor.at > start else None
    end = first.start if first else len(sentence)
    words = sentence[cursor.row[start].start : end]
    cursor.word((")",))
    return _without_relative(words)


def _group_begins(cursor: Cursor) -> bool:
    """Whether separators, names and another 'who' stand here."""
    ahead = Cursor(cursor.row, cursor.at)
    if not ahead.skip(_REASON_ENDS):
        return False
    if ahead.attempt(names) is None:
        return False
    ahead.skip(SET_OFF)
    return ahead.low() in _RELATIVES or (ahead.ended and cursor.low() == ";")


def _without_relative(words: str) -> str:
    """'preferred to ...' of 'each of whom preferred to ...'."""
    bare = words.strip(" ,;.-")
    for lead in (
        "each of whom ",
        "both of whom ",
        "all of whom ",
        "who each ",
        "who both ",
        "who ",
    ):
        if bare.startswith(lead):
            return bare[len(lead) :]
    return bare


# --- what follows the roll


def _absent(call: _Call, cursor: Cursor) -> bool:
    """'Absent and not voting was ...', 'Not voting was ...', 'Abstaining was ...'."""
    if not cursor.word(("absent", "abstaining")) and not cursor.phrase("not", "voting"):
        return False
    if subject_of(cursor) is None or (listed := cursor.attempt(names)) is None:
        return False
    call.absent.extend(listed)
    return True


def _alternate(call: _Call, row: tuple[Token, ...]) -> bool:
    """'Patrick Harker voted as an alternate member', 'Ms. Cumming voted as the alternate for'."""
    words = [token.low for token in row]
    if "voted" not in words or not {"alternate", "alternates"} & set(words):
        return False
    listed = Cursor(row).attempt(names) or []
    call.alternates.extend(listed)
    return True


def _explained(call: _Call, row: tuple[Token, ...], sentence: str) -> bool:
    """A sentence behind a dissent that tells why: it names the person, or says 'they', 'both'."""
    if not call.noes or not row or row[0].low in ("voting", "absent", "for"):
        return False
    told = [_explains(call, clause) for clause in clauses(row, sentence)]
    return any(told)


def _explains(call: _Call, clause: str) -> bool:
    """Whether the clause tells what a dissenter wanted; one that mixes several is unread."""
    row = tokens(clause)
    about = _dissents_meant(call, row)
    noes = call.noes or []
    if len(noes) != 2 and former_or_latter(row) is not None and WISHED & {t.low for t in row}:
        call.unread.append(clause)  # of which one is not told
        return True
    if shares_out(row, frozenset(surname(noes[at].name) for at in about)):
        call.unread.append(clause)
        return True
    words = clause.rstrip(" ;,.")
    for at in about:
        no = noes[at]
        told = _without_subject(row, words) if no.preferred is None else words
        noes[at] = replace(no, preferred=f"{no.preferred}. {told}" if no.preferred else told)
    return bool(about)


def _dissents_meant(call: _Call, row: tuple[Token, ...]) -> list[int]:
    """Places of the dissents that a clause speaks of."""
    noes = call.noes or []
    which = former_or_latter(row)
    if which is not None and len(noes) == 2:
        return [which]
    said = {token.text for token in row}
    about = [at for at, no in enumerate(noes) if surname(no.name) in said]
    if not about and any(token.low in _PRONOUNS for token in row[:4]):
        return call.latest
    return about


def _without_subject(row: tuple[Token, ...], sentence: str) -> str:
    """'believed the risks ...' of 'Mr. Hoenig believed the risks ...'."""
    cursor = Cursor(row)
    if row[0].low in _PRONOUNS:
        cursor.at = 1
    elif former_or_latter(row) is not None:
        cursor.at = 2
    elif row[0].low not in TITLES or cursor.attempt(names) is None:
        return sentence
    token = cursor.peek()
    return sentence[token.start :] if token else sentence


# --- the tally


def _counted(call: _Call, row: tuple[Token, ...]) -> bool:
    if call.tally is not None or (tally := tally_of(row)) is None:
        return False
    call.tally, call.on_action = tally, True
    return True


# --- put together


def _settled(call: _Call) -> Votes:
    unread, contradicted = list(call.unread), False
    ayes = None if call.ayes is None else len(call.ayes)
    noes = None if call.noes is None else len(call.noes)
    if ayes is not None and noes is None and not unread:
        noes = 0
    if call.tally is not None:
        unread += _contradictions(call, ayes, noes)
        contradicted = _is_contradicted(call)
        said_for = call.tally[0] if call.tally[0] is not None else ayes
        ayes, noes = None if contradicted else said_for, max(call.tally[1], noes or 0)
    if ayes is not None and ayes + (noes or 0) > _SEATS:
        unread.append(f"{ayes + (noes or 0)} votes are more than the Committee has members")
    return Votes(
        votes_for=ayes,
        votes_against=noes,
        voting_for=tuple(call.ayes or ()),
        dissents=tuple(call.noes or ()),
        alternates=tuple(call.alternates),
        absent=tuple(call.absent),
        on_action=call.on_action,
        roll=tuple(call.roll),
        tally=tuple(call.counted),
        unread=tuple(unread),
        contradicted=contradicted,
    )


def _is_contradicted(call: _Call) -> bool:
    """Whether no vote fits both tally and names; dissenters nobody names contradict nothing."""
    assert call.tally is not None
    said_for, said_against = call.tally
    other_ayes = None not in (call.ayes, said_for) and len(call.ayes or ()) != said_for
    return other_ayes or len(call.noes or ()) > said_against


def _contradictions(call: _Call, ayes: int | None, noes: int | None) -> list[str]:
    assert call.tally is not None
    said_for, said_against = call.tally
    found = []
    if (noes or 0) != said_against:
        found.append(f"the tally counts {said_against} against, {noes or 0} are named")
    if ayes is not None and said_for is not None and ayes != said_for:
        found.append(f"the tally counts {said_for} in favor, {ayes} are named")
    return found
