"""The lines of a card about the Federal Reserve: what was decided, by whom, in which words.

Nothing is judged here: a vote is told with the words of its reason, a view with its place, a tone
with the phrases that make it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.cards.card import Line
from bot.cards.doubts import doubts
from bot.clock import NEW_YORK, from_day_number, from_ms
from bot.fed.rungs import Rung
from bot.fed.sentences import sentences
from bot.numbers import number_text

Row = Mapping[str, Any]

_QUOTES = 3  # of a phrase, of a rung of the ladder, of one side of the tone
_LONGEST_QUOTE = 280
_RUNGS = {
    Rung.ONE: "one",
    Rung.COUPLE: "a couple",
    Rung.FEW: "a few",
    Rung.SOME: "some",
    Rung.SEVERAL: "several",
    Rung.MANY: "many",
    Rung.MOST: "most",
    Rung.ALMOST_ALL: "almost all",
    Rung.ALL: "all",
}
_QUOTED_RUNGS = (Rung.MOST, Rung.MANY, Rung.FEW, Rung.ONE)
"""The ends of the ladder: where they differ there is a division."""

_DID = {"hike": "raised", "cut": "cut", "hold": "kept", "none": "decided nothing about"}
_LEANS = {"tighter": "a higher rate", "easier": "a lower rate"}

_TABLES = frozenset({"projections"})
"""Sorts whose page has its substance in tables: a count of its words says nothing."""

_TYPES = {
    "statement": "Statement",
    "implementation_note": "Implementation note",
    "discount_rate_minutes": "Minutes about the discount rate",
    "longer_run_goals": "Statement on longer-run goals",
    "beige_book": "Beige Book",
}


def decision_lines(row: Row) -> list[Line]:
    """Target, vote, each dissent with its reason, and the sentences that tell them."""
    return [
        *_line("Target", _target(row)),
        *_line("Vote", _vote(row)),
        *(Line(label="Against", text=text) for text in _dissents(row)),
        *_line("Words", [] if row["redline"] else _alike(row)),  # the redline begins with it
        *_doubts(row),
        *(Line(label="Says", text=f"“{quote}”") for quote in _evidence(row, "sentences")),
        *(Line(label="Unread", text=f"“{quote}”") for quote in _evidence(row, "unread")),
        *_line("When", _when(row)),
    ]


def decision_fact(row: Row) -> str:
    """What became of the target, and how the vote went, in a sentence."""
    now = _range(row["target_lower_pct"], row["target_upper_pct"])
    before = _range(row["previous_lower_pct"], row["previous_upper_pct"])
    change = row["change_bp"]
    by = f" by {number_text(abs(change))} bp" if change else ""
    to = f"{by} {'at' if row['action'] == 'hold' else 'to'} {now}" if now else by
    after = f" from {before}" if now and before and before != now else ""
    vote = "" if row["votes_against"] is None else f", vote {_vote(row)[0]}"
    did = _DID.get(row["action"], "decided nothing that could be read about")
    return f"The Federal Open Market Committee {did} the target range{to}{after}{vote}"


def release_lines(row: Row) -> list[Line]:
    """Who speaks and where, or how many hold which view; tone with its phrases; when."""
    minutes = row["type"] == "minutes"
    return [
        *_line("Who", _speaker(row)),
        *_line("Where", [row["venue"]] if row["venue"] else []),
        *(_ladder(row) if minutes else []),
        *_line("Words", [*_length(row), *_alike(row)]),
        *_line("Tone", _tone(row)),
        *_doubts(row),
        *_line("When", _when(row)),
    ]


def release_fact(row: Row) -> str:
    """Who says what where, or what was published, in a sentence."""
    sort, title = _sort(row), row["title"]
    if not row["speaker"]:
        return release_source(row)[0] or sort
    role = f", {row['speaker_role']}" if row["speaker_role"] else ""
    venue = f", at {row['venue']}" if row["venue"] else ""
    return f"{sort} by {row['speaker']}{role}{venue}" + (f": “{title}”" if title else "")


def phrase_lines(row: Row, phrases: Iterable[str]) -> list[Line]:
    """The sentences of a text in which the phrases stand that a rule looks for, each once."""
    text = row["text"]
    if not text:
        return []
    told = [sentence for paragraph in text.splitlines() for sentence in sentences(paragraph)]
    wanted = [phrase.casefold() for phrase in phrases]
    found = [each for each in told if any(phrase in each.casefold() for phrase in wanted)]
    found.sort(key=lambda each: -sum(phrase in each.casefold() for phrase in wanted))
    lines = [Line(label="Quote", text=f"“{_short(each)}”") for each in found[:_QUOTES]]
    if left := len(found) - len(lines):
        more = "such sentence" if left == 1 else "such sentences"
        lines.append(Line(label="Quote", text=f"and {left} more {more}"))
    return lines


def decision_source(row: Row) -> tuple[str | None, str | None]:
    """The statement and its page."""
    day = _day(row["meeting_on"])
    return (f"FOMC statement of {day}" if day else "FOMC statement"), row["url"]


def release_source(row: Row) -> tuple[str | None, str | None]:
    """The document by its sort and its title, and its page."""
    name, title = _sort(row), row["title"]
    if not title or title.startswith(name):
        return title or name, row["url"]
    return f"{name}: {title}", row["url"]


def _sort(row: Row) -> str:
    sort = row["type"] or "document"
    return _TYPES.get(sort, sort.replace("_", " ").capitalize())


def _target(row: Row) -> list[str]:
    now = _range(row["target_lower_pct"], row["target_upper_pct"])
    before = _range(row["previous_lower_pct"], row["previous_upper_pct"])
    if now is None:
        return ["not read" if row["action"] == "unread" else "none told"]
    change = row["change_bp"]
    told = "change unknown" if change is None else _basis_points(change)
    return [now, told, f"before {before}" if before else _no_target_before(row)]


def _no_target_before(row: Row) -> str:
    if "change_disagrees" in _marks(row):
        return "the one stored before does not fit"
    return "the one before is not known"


def _range(lower: float | None, upper: float | None) -> str | None:
    if lower is None or upper is None:
        return None
    return f"{upper:.2f} %" if lower == upper else f"{lower:.2f}–{upper:.2f} %"


def _basis_points(change: float) -> str:
    if not change:
        return "unchanged"
    sign = "+" if change > 0 else "−"
    return f"{sign}{number_text(abs(change))} bp"


def _vote(row: Row) -> list[str]:
    ayes, noes = row["votes_for"], row["votes_against"]
    if noes is None:
        return ["not told by the statement"]
    if ayes is None and not noes and "votes_contradict" not in _marks(row):
        return ["none against", "how many voted for it is not told"]
    told = [f"{'?' if ayes is None else ayes}–{noes}"]
    for count, wish in (
        (row["dissents_tighter"], "wanted a higher rate than decided"),
        (row["dissents_easier"], "wanted a lower rate than decided"),
        (row["dissents_other"], "for another reason, or for none told"),
    ):
        told += [f"{count} {wish}"] if count else []
    return told


def _dissents(row: Row) -> Iterator[str]:
    """Each vote against in the words of the statement; by name alone where these are not kept."""
    held = _detail(row, "dissents")
    for each in held if isinstance(held, list) else []:
        wish = _LEANS.get(str(each.get("lean")))
        side = f" (for {wish})" if wish else ""
        yield f"{each.get('name')} {_short(each.get('preferred') or 'gave no reason')}{side}"
    if not held and row["dissenters"]:
        yield row["dissenters"]


def _alike(row: Row) -> list[str]:
    similarity = row["similarity_to_previous"]
    if similarity is None:
        return []
    return [f"{int(similarity * 100)}% of the words as in the one before"]


def _evidence(row: Row, name: str) -> list[str]:
    """The first sentences behind a decision, or the first that could not be read."""
    held = _detail(row, "evidence") or {}
    return [_short(str(each)) for each in held.get(name, [])[:_QUOTES]]


def _speaker(row: Row) -> list[str]:
    told = [part for part in (row["speaker"], row["speaker_role"]) if part]
    if told and row["speaker_votes"] is not None:
        year = from_ms(row["known_at"]).astimezone(NEW_YORK).year
        told.append(f"votes in {year}" if row["speaker_votes"] else f"does not vote in {year}")
    return told


def _ladder(row: Row) -> list[Line]:
    """How often each rung stands, from most to fewest, then the ends of the ladder in quotes."""
    counts = [(rung, row[f"quantifier_{rung}"]) for rung in reversed(Rung)]
    known = [f"{_RUNGS[rung]} {count}" for rung, count in counts if count is not None]
    return [
        *_line("Views", known),
        *(line for rung in _QUOTED_RUNGS for line in _quoted_views(row, rung)),
    ]


def _quoted_views(row: Row, rung: Rung) -> Iterator[Line]:
    views = (_detail(row, "evidence") or {}).get("views", [])
    of_rung = [view for view in views if view.get("rung") == rung.value]
    for view in of_rung[:_QUOTES]:
        heading = f" of “{_short(view['heading'], 40)}”" if view.get("heading") else ""
        anchor = f", #{view['anchor']}" if view.get("anchor") else ""
        where = f"paragraph {view['paragraph']}{heading}{anchor}"
        subject = f"{view['subject']}: " if view.get("subject") else ""
        told = f"{subject}“{_short(view['quote'])}” ({where})"
        yield Line(label=_RUNGS[rung].capitalize(), text=told)


def _length(row: Row) -> list[str]:
    if row["words"] is None or row["type"] in _TABLES:
        return []
    return [f"{number_text(row['words'])} words"]


def _tone(row: Row) -> list[str]:
    """The balance of phrases, its change, and the phrases: without them it is not told."""
    balance, told = row["tone"], (_detail(row, "evidence") or {}).get("tone")
    phrases = _tone_phrases(told["hints"]) if told else []
    if balance is None or not phrases:
        return []
    change = row["tone_change"]
    against = "" if change is None else f", {_signed(change)} against the last of its kind"
    head = f"{_signed(balance)} tighter less easier phrases in 100 sentences{against}"
    return [head, *phrases, "an aid to reading, by a lexicon"]


def _tone_phrases(told: list[Mapping[str, Any]]) -> list[str]:
    sides = (("tighter", 1), ("easier", -1))
    listed = []
    for side, sign in sides:
        found = dict.fromkeys(
            f"{'not ' if each['negated'] else ''}“{each['phrase']}”"
            for each in told
            if float(each["weight"]) * sign > 0
        )
        if found:
            quoted = ", ".join(list(found)[:_QUOTES])
            listed.append(f"{side}: {quoted}{' …' if len(found) > _QUOTES else ''}")
    return listed


def _signed(value: float) -> str:
    text = number_text(abs(value), 1)
    return text if text == "0" else f"{'+' if value > 0 else '−'}{text}"


def _marks(row: Row) -> list[str]:
    return (row["quality"] or "").split()


def _doubts(row: Row) -> list[Line]:
    return _line("Doubt", doubts(row["quality"]))


def _when(row: Row) -> list[str]:
    """Of which meeting, where that did not end on the day, and whether out of turn."""
    at = from_ms(row["known_at"]).astimezone(NEW_YORK)
    day = _day(row["meeting_on"])
    told = [f"meeting that ended on {day}"] if day and day != at.date().isoformat() else []
    return [*told, *(["outside the schedule"] if row.get("scheduled") == 0 else [])]


def _day(number: int | None) -> str | None:
    return None if number is None else from_day_number(number).isoformat()


def _detail(row: Row, name: str) -> Any:
    return json.loads(row[name]) if row.get(name) else None


def _short(text: str, most: int = _LONGEST_QUOTE) -> str:
    """A quote of a length that can be read; cut at a blank, with an ellipsis."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;") + " …"


def _line(label: str, parts: list[str]) -> list[Line]:
    return [Line(label=label, text=" · ".join(parts))] if parts else []
