"""The kinds of what the Federal Reserve publishes, and of releases that keep to a calendar."""

from bot.facts.field import Field, Type, count, day, number, text, word, yes_no
from bot.facts.kind import Kind

FED_TYPES = (
    "statement",
    "implementation_note",
    "minutes",
    "projections",
    "speech",
    "testimony",
    "beige_book",
    "discount_rate_minutes",
    "longer_run_goals",
    "enforcement",
    "regulation",
    "orders",
    "other",
)
"""Sorts of documents, told apart by address, feed category and title."""

QUANTIFIERS = ("one", "couple", "few", "some", "several", "many", "most", "almost_all", "all")
"""Rungs of the ladder by which minutes count who held a view, from one participant to all."""


def _percent(name: str, doc: str) -> Field:
    return number(name, doc, Type.PERCENT)


FED_RELEASE = Kind(
    name="fed_release",
    doc="One document that the Federal Reserve published.",
    subject="source",
    fires="every",
    fields=(
        word("type", "What sort of document it is.", *FED_TYPES),
        text("title", "Title as published."),
        text("speaker", "Who speaks, without titles: Lisa D. Cook."),
        text("speaker_role", "In which office: Governor, Vice Chair, President of Kansas City."),
        yes_no("speaker_votes", "Whether that office votes on policy in that year, by law."),
        text("venue", "Where it was said."),
        text("url", "Its page."),
        text("category", "Category as the feed names it."),
        text("text", "Text of the page without headers, votes and links; unknown where not read."),
        count("words", "Words of that text."),
        day("meeting_on", "Last day of the meeting that it is of."),
        yes_no(
            "in_blackout",
            "Whether it came while policy makers keep silent before a meeting.",
            {
                "yes": "in the silence before a meeting",
                "no": "outside the silence before a meeting",
            },
        ),
        number("similarity_to_previous", "Words shared with the one before of its type, 0 to 1."),
        number(
            "tone",
            "Tighter less easier phrases a hundred sentences, by a lexicon: an aid to reading.",
        ),
        number("tone_change", "tone less that of the one before of its type (and its speaker)."),
        *(
            count(
                f"quantifier_{rung}",
                f"Clauses of minutes whose view '{rung.replace('_', ' ')}' of participants held.",
            )
            for rung in QUANTIFIERS
        ),
        text("quality", "Marks of doubt, separated by blanks; empty of marks is unknown."),
        Field(
            name="evidence",
            type=Type.DETAIL,
            doc="Behind the numbers: 'tone', its phrases with their weights; 'views' of minutes, "
            "each with its rung, quote and place.",
        ),
        Field(name="redline", type=Type.DETAIL, doc="What changed against the one before."),
    ),
)

FED_DECISION = Kind(
    name="fed_decision",
    doc="One decision of the Federal Open Market Committee on its target for the federal funds "
    "rate, as its statement tells it.",
    subject="source",
    fires="every",
    fields=(
        word(
            "action",
            "What was decided; unread where the statement could not be read, none without one.",
            "hike",
            "cut",
            "hold",
            "none",
            "unread",
        ),
        text("told", "It in a line: cuts 25 bp to 4.00–4.25 %, 11–1 (Miran for −50)."),
        _percent("target_lower_pct", "Lower end of the target range; the target, before 2008-12."),
        _percent("target_upper_pct", "Upper end of it."),
        _percent("previous_lower_pct", "Lower end by the decision before."),
        _percent("previous_upper_pct", "Upper end by the decision before."),
        number("change_bp", "Upper end less the one before, in basis points.", Type.BASIS_POINTS),
        count("votes_for", "Votes for the action."),
        count("votes_against", "Votes against it."),
        count("dissents_tighter", "Votes against by those who wanted a higher rate than decided."),
        count("dissents_easier", "Votes against by those who wanted a lower rate than decided."),
        count("dissents_other", "Votes against for another reason, or for one not told."),
        text("dissenters", "Names of those who voted against, separated by commas."),
        number("similarity_to_previous", "Words shared with the statement before, 0 to 1."),
        day("meeting_on", "Last day of the meeting."),
        yes_no(
            "scheduled",
            "Whether the meeting stood in the calendar.",
            {"yes": "on schedule", "no": "outside the schedule"},
        ),
        text("url", "Page of the statement."),
        text("quality", "Marks of doubt, separated by blanks; empty of marks is unknown."),
        Field(
            name="dissents",
            type=Type.DETAIL,
            doc="Of each vote against: 'name', 'preferred' in the words of the statement, "
            "'lean' tighter, easier or other.",
        ),
        Field(name="redline", type=Type.DETAIL, doc="What changed against the statement before."),
        Field(name="evidence", type=Type.DETAIL, doc="The sentences that tell target and votes."),
    ),
)

MACRO_RELEASE = Kind(
    name="macro_release",
    doc="One release that a calendar announces: published, or not there when it was due.",
    subject="release",
    fires="every",
    fields=(
        text("agency", "Who publishes it: Federal Reserve, BLS, BEA."),
        text("title", "What it is: FOMC statement, Consumer Price Index."),
        text("period", "The period it is about, as the calendar says."),
        Field(name="scheduled_at", type=Type.INSTANT, doc="When it was due."),
        text("due", "That instant for a reader: 08:30 ET on 2025-10-15."),
        yes_no("published", "Whether it came."),
        word(
            "status", "On time, late, or not there after its grace.", "published", "late", "missing"
        ),
        Field(name="delay_seconds", type=Type.SPAN, doc="How long after it was due it came."),
        count(
            "overdue", "Releases overdue by then of all agencies, with this one if it is missing."
        ),
        text("also_overdue", "The others of them, the longest overdue first."),
        text("url", "Where it stands, or the calendar that announced it."),
    ),
)
