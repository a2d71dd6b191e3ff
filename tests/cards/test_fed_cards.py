"""What cards about the Fed and about releases say: numbers, names, quotes with their places."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest
from rich.console import Console

from bot.cards import Card, Match, build_card
from bot.cards.fed import decision_lines, decision_source, release_lines, release_source
from bot.cards.releases import macro_lines, macro_source
from bot.cards.slack import BLOCKS_LIMIT, Detail, slack_message
from bot.cards.slack_text import written
from bot.cards.terminal import terminal_card
from bot.clock import NEW_YORK, to_day_number, to_ms
from bot.facts import FED_DECISION, FED_RELEASE, MACRO_RELEASE, Kind
from bot.fed.redline import redline
from bot.fed.redline_json import redline_json
from bot.rules.loading import load_rules
from bot.rules.model import Rule
from bot.sandbox.slack_blocks import breaches, too_long

OCTOBER = datetime(2025, 10, 29, 14, tzinfo=NEW_YORK)
DISSENTS = [
    {
        "name": "Stephen I. Miran",
        "preferred": "preferred to lower the target range by 1/2 percentage point at this meeting",
        "lean": "easier",
    },
    {"name": "Jeffrey R. Schmid", "preferred": "preferred no change", "lean": "tighter"},
    {"name": "A. Third", "preferred": None, "lean": "other"},
]
SAID = "The Committee decided to lower the target range to 3-3/4 to 4 percent."


def a_row(kind: Kind, at: datetime = OCTOBER, **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(kind.by_name)
    stored = {"kind": kind.name, "known_at": to_ms(at), "judged_at": to_ms(at), "seq": 1}
    return {**row, **stored, **values}


def a_decision(**values: Any) -> dict[str, Any]:
    october: dict[str, Any] = {
        "action": "cut", "target_lower_pct": 3.75, "target_upper_pct": 4.0,
        "previous_lower_pct": 4.0, "previous_upper_pct": 4.25, "change_bp": -25, "votes_for": 10,
        "votes_against": 2, "dissents_tighter": 1, "dissents_easier": 1, "dissents_other": 0,
        "meeting_on": to_day_number(date(2025, 10, 29)), "scheduled": 1,
        "url": "https://www.federalreserve.gov/a.htm", "dissents": json.dumps(DISSENTS[:2]),
        "evidence": json.dumps({"sentences": [SAID], "unread": []}),
    }  # fmt: skip
    return a_row(FED_DECISION, **{**october, **values})


def told(lines: Any) -> list[str]:
    return [f"{line.label}: {line.text}" for line in lines]


def test_a_decision_shows_its_range_its_vote_and_each_dissent_in_the_statement_s_words() -> None:
    assert told(decision_lines(a_decision(similarity_to_previous=0.899))) == [
        "Target: 3.75–4.00 % · −25 bp · before 4.00–4.25 %",
        "Vote: 10–2 · 1 wanted a higher rate than decided · 1 wanted a lower rate than decided",
        "Against: Stephen I. Miran preferred to lower the target range by 1/2 percentage point at "
        "this meeting (for a lower rate)",
        "Against: Jeffrey R. Schmid preferred no change (for a higher rate)",
        "Words: 89% of the words as in the one before",
        f"Says: “{SAID}”",
    ]


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"change_bp": 75}, "Target: 3.75–4.00 % · +75 bp · before 4.00–4.25 %"),
        ({"change_bp": 0}, "Target: 3.75–4.00 % · unchanged · before 4.00–4.25 %"),
        ({"change_bp": None}, "Target: 3.75–4.00 % · change unknown · before 4.00–4.25 %"),
        (
            {"previous_lower_pct": None, "change_bp": None},
            "Target: 3.75–4.00 % · change unknown · the one before is not known",
        ),
        ({"target_lower_pct": 4.0}, "Target: 4.00 % · −25 bp · before 4.00–4.25 %"),
        ({"action": "unread", "target_upper_pct": None}, "Target: not read"),
        ({"action": "none", "target_upper_pct": None}, "Target: none told"),
        ({"votes_against": None}, "Vote: not told by the statement"),
        (
            {"votes_for": None, "dissents_tighter": None},
            "Vote: ?–2 · 1 wanted a lower rate than decided",
        ),
        (
            {"dissents": json.dumps(DISSENTS[2:]), "dissents_other": 1},
            "Against: A. Third gave no reason",
        ),
        ({"dissents": None, "dissenters": "Miran, Schmid"}, "Against: Miran, Schmid"),
        (
            {"action": "unread", "evidence": json.dumps({"unread": ["It chose a corridor."]})},
            "Unread: “It chose a corridor.”",
        ),
        (
            {"votes_for": None, "votes_against": 0, "dissents_tighter": 0, "dissents_easier": 0},
            "Vote: none against · how many voted for it is not told",
        ),
        (
            {
                "votes_for": None,
                "votes_against": 0,
                "dissents_tighter": 0,
                "dissents_easier": 0,
                "quality": "votes_contradict",
            },
            "Vote: ?–0",
        ),
        ({"quality": "votes_unclear"}, "Doubt: votes unclear"),
        (
            {"quality": "votes_unread change_disagrees"},
            "Doubt: not all of its votes could be read · the change it tells does not lead here "
            "from the target stored before",
        ),
        (
            {"quality": "change_disagrees", "previous_upper_pct": None},
            "Target: 3.75–4.00 % · −25 bp · the one stored before does not fit",
        ),
        ({"scheduled": 0}, "When: outside the schedule"),
    ],
)
def test_what_is_not_known_of_a_decision_says_so(values: Mapping[str, Any], line: str) -> None:
    assert line in told(decision_lines(a_decision(**values)))


VIEWS: list[dict[str, Any]] = [
    {"rung": "most", "quote": "most participants judged it high", "subject": "inflation"},
    {"rung": "few", "quote": "a few participants did not", "subject": None},
    {"rung": "several", "quote": "several participants waited", "subject": None},
    {"rung": None, "quote": "not all participants agreed", "subject": None},
]


def test_minutes_show_how_often_each_word_stands_and_quote_the_ends_with_their_places() -> None:
    placed = [
        {**view, "paragraph": n, "heading": "Views", "anchor": "v"}
        for n, view in enumerate(VIEWS, 31)
    ]
    row = a_row(
        FED_RELEASE,
        type="minutes",
        meeting_on=to_day_number(date(2025, 9, 17)),
        quantifier_most=1,
        quantifier_few=1,
        quantifier_one=0,
        words=7560,
        evidence=json.dumps({"views": placed}),
    )

    assert told(release_lines(row)) == [
        "Views: most 1 · a few 1 · one 0",
        "Most: inflation: “most participants judged it high” (paragraph 31 of “Views”, #v)",
        "A few: “a few participants did not” (paragraph 32 of “Views”, #v)",
        "Words: 7,560 words",
        "When: meeting that ended on 2025-09-17",
    ]


TONE = {
    "tone": {
        "hints": [
            {"phrase": "upside risks", "weight": 1.5, "negated": False},
            {"phrase": "slowed", "weight": -1, "negated": False},
            {"phrase": "strong", "weight": -0.5, "negated": True},
        ]
    }
}


def test_a_speech_shows_who_speaks_where_and_a_tone_with_the_phrases_that_make_it() -> None:
    row = a_row(
        FED_RELEASE, type="speech", speaker="Michael S. Barr", speaker_role="Governor",
        speaker_votes=1, venue="At a club", words=2800, tone=2.14, tone_change=-0.3,
        evidence=json.dumps(TONE),
    )  # fmt: skip

    assert told(release_lines(row)) == [
        "Who: Michael S. Barr · Governor · votes in 2025",
        "Where: At a club",
        "Words: 2,800 words",
        "Tone: +2.1 tighter less easier phrases in 100 sentences, −0.3 against the last of its kind"
        " · tighter: “upside risks” · easier: “slowed”, not “strong” · an aid to reading, by a "
        "lexicon",
    ]


def test_a_tone_without_phrases_behind_it_is_not_told() -> None:
    lines = told(release_lines(a_row(FED_RELEASE, type="speech", tone=2.14, tone_change=1.0)))

    assert [line for line in lines if line.startswith("Tone")] == []


@pytest.mark.parametrize(
    ("votes", "who"), [(0, "Who: X · does not vote in 2025"), (None, "Who: X")]
)
def test_a_president_without_a_vote_is_told_apart_from_one_nobody_knows(
    votes: int | None, who: str
) -> None:
    row = a_row(FED_RELEASE, type="speech", speaker="X", speaker_votes=votes)

    assert told(release_lines(row))[0] == who


def a_rule(condition: str) -> Rule:
    written_rule = f"""
rules:
- id: phrase
  on: fed_release
  when: {condition}
  message: "x"
"""
    (rule,) = load_rules([("a.yaml", written_rule)]).rules
    return rule


def card_of(rule: Rule, row: Mapping[str, Any]) -> Card:
    return build_card(rule, [Match(row=row, values={}, proof=(), message="x")], alert_id=7)


SPEECH = (
    "Banks are safe. I see a risk that inflation stays high.\n"
    "INFLATION has come down. The risk is small. Inflation is one word."
)


def test_a_card_quotes_the_sentences_that_a_rule_looks_for_those_with_most_phrases_first() -> None:
    rule = a_rule('text contains "inflation" and (text contains "risk" or title contains "Banks")')

    card = card_of(rule, a_row(FED_RELEASE, type="speech", text=SPEECH))

    assert [line.text for line in card.lines if line.label == "Quote"] == [
        "“I see a risk that inflation stays high.”",
        "“INFLATION has come down.”",
        "“The risk is small.”",
        "and 1 more such sentence",
    ]


def test_a_text_that_was_not_read_is_not_quoted() -> None:
    card = card_of(a_rule('text contains "a"'), a_row(FED_RELEASE, type="speech", text=None))

    assert [line for line in card.lines if line.label == "Quote"] == []


@pytest.mark.parametrize(
    ("type_", "in_blackout", "marks"),
    [
        ("speech", 1, ("blackout",)),
        ("testimony", 1, ("blackout",)),
        ("speech", 0, ()),
        ("speech", None, ()),
        ("statement", 1, ()),
    ],
)
def test_words_within_the_silence_bear_a_mark(
    type_: str, in_blackout: int | None, marks: tuple[str, ...]
) -> None:
    row = a_row(FED_RELEASE, type=type_, text="a", in_blackout=in_blackout)

    assert card_of(a_rule("words >= 0"), row).marks == marks


@pytest.mark.parametrize(
    ("type_", "title", "source"),
    [
        ("speech", "Payments", "Speech: Payments"),
        (
            "minutes",
            "Minutes of the FOMC, July 29–30, 2025",
            "Minutes of the FOMC, July 29–30, 2025",
        ),
        ("beige_book", None, "Beige Book"),
        (None, "A title", "Document: A title"),
    ],
)
def test_a_document_is_cited_by_its_sort_and_title(
    type_: str | None, title: str | None, source: str
) -> None:
    assert release_source(a_row(FED_RELEASE, type=type_, title=title, url="u")) == (source, "u")


def test_a_statement_is_cited_by_the_day_of_its_meeting() -> None:
    assert decision_source(a_decision(url="u")) == ("FOMC statement of 2025-10-29", "u")
    assert decision_source(a_decision(meeting_on=None))[0] == "FOMC statement"


OLD = [
    "Inflation has eased. Growth is solid.",
    "The Committee seeks 2 percent over the longer run.",
]
NEW = ["Inflation has moved up. Growth is solid.", "The Committee seeks 2 percent over time."]


def with_redline(old: list[str], new: list[str]) -> Card:
    held = json.dumps(redline_json(redline(old, new)))
    (rule,) = load_rules([("a.yaml", DECIDED)]).rules
    return card_of(rule, a_decision(redline=held, similarity_to_previous=0.7))


DECIDED = """
rules:
- id: decided
  on: fed_decision
  when: change_bp != 0
  message: "x"
"""


def test_the_redline_stands_in_the_message_between_the_lines_and_the_source() -> None:
    blocks = slack_message(with_redline(OLD, NEW))["blocks"]

    texts = [
        block["text"]["text"] for block in blocks if block["type"] == "section" and "text" in block
    ]
    assert "Inflation has ~eased.~ *moved up.*" in " ".join(texts)
    assert blocks[-1]["type"] == "context"
    assert breaches(blocks) == []


def test_a_message_with_less_detail_leaves_the_redline_out() -> None:
    card = with_redline(OLD, NEW)

    assert "moved up" not in json.dumps(slack_message(card, detail=Detail.FEWER_FIELDS))


def test_a_redline_outlives_the_outbox() -> None:
    card = with_redline(OLD, NEW)

    assert Card.from_json(card.to_json()) == card


@pytest.mark.parametrize("piece", ["word", '"quoted" \\ & <b>', "株式", "🔔"])
def test_a_redline_of_any_length_keeps_within_the_limits(piece: str) -> None:
    old = [" ".join(f"{piece} {n} stands here." for n in range(400))]
    new = [" ".join(f"{piece} {n} stood there now." for n in range(400))]

    blocks = slack_message(with_redline(old, new))["blocks"]

    assert breaches(blocks) == []
    assert not too_long(blocks)
    assert written(blocks) <= BLOCKS_LIMIT


@pytest.mark.parametrize("colours", [True, False])
def test_what_was_removed_can_be_told_apart_with_colours_and_without(colours: bool) -> None:
    console = Console(
        width=100, force_terminal=colours, color_system="truecolor" if colours else None
    )
    with console.capture() as shown:
        console.print(terminal_card(with_redline(OLD, NEW)))

    mark = "\x1b[9;31m" if colours else "[-eased.-] {+moved up.+}"
    assert mark in shown.get()


def a_release(**values: Any) -> dict[str, Any]:
    due = datetime(2025, 10, 15, 8, 30, tzinfo=NEW_YORK)
    known = {"agency": "BLS", "title": "Consumer Price Index", "scheduled_at": to_ms(due)}
    return a_row(MACRO_RELEASE, datetime(2025, 10, 15, 9, 30, tzinfo=NEW_YORK), **known, **values)


def test_a_release_that_did_not_come_names_what_else_is_overdue() -> None:
    row = a_release(status="missing", overdue=3, also_overdue="A (BLS), B (BEA)", url="u")

    assert told(macro_lines(row)) == [
        "What: Consumer Price Index (BLS)",
        "Due: 2025-10-15 08:30 ET",
        "Came: not yet, and its source answers",
        "Overdue: 2 more: A (BLS), B (BEA)",
    ]
    assert macro_source(row) == ("Calendar of BLS", "u")


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"status": "late", "delay_seconds": 777_660.0}, "Came: 9 d late"),
        ({"status": "late", "delay_seconds": 90_061.0}, "Came: 1 d 1 h late"),
        ({"status": "late", "delay_seconds": None}, "Came: late; nobody saw by how much"),
        ({"status": "published", "delay_seconds": 61.0}, "Came: 1 min 1 s after that instant"),
        ({"status": "published", "delay_seconds": 0.0}, "Came: 0 s after that instant"),
        ({"status": "published", "delay_seconds": None}, "Came: on its day"),
        ({"status": "missing", "overdue": 1}, "Overdue: nothing else"),
        ({"status": "late", "overdue": 1}, "Overdue: 1 more"),
        ({"period": "September 2025"}, "What: Consumer Price Index of September 2025 (BLS)"),
    ],
)
def test_a_release_says_when_it_came(values: Mapping[str, Any], line: str) -> None:
    assert line in told(macro_lines(a_release(**values)))


def test_projections_are_tables_and_their_words_are_not_counted() -> None:
    assert told(release_lines(a_row(FED_RELEASE, type="projections", words=9))) == []
