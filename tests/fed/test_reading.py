"""Articles become documents: their sort, who speaks, which meeting."""

from datetime import date

import pytest

from bot.fed.documents import Article
from bot.fed.reading import meeting_on, read_document
from bot.fed.speakers import speaker_of


@pytest.mark.parametrize(
    ("line", "name", "office"),
    [
        ("Governor Lisa D. Cook", "Lisa D. Cook", "Governor"),
        ("Chairman Alan Greenspan", "Alan Greenspan", "Chairman"),
        ("Governor Edward W. Kelley, Jr.", "Edward W. Kelley, Jr.", "Governor"),
        (
            "Vice Chair for Supervision and Chair of the Stability Board Randal K. Quarles",
            "Randal K. Quarles",
            "Vice Chair for Supervision and Chair of the Stability Board",
        ),
        (
            "Michael S. Gibson, Director, Division of Supervision and Regulation",
            "Michael S. Gibson",
            "Director, Division of Supervision and Regulation",
        ),
        ("Lael Brainard", "Lael Brainard", None),
        (None, None, None),
    ],
)
def test_a_speaker_is_told_apart_from_the_office(
    line: str | None, name: str | None, office: str | None
) -> None:
    assert speaker_of(line) == (name, office)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("July 29\u201330, 2025", date(2025, 7, 30)),
        ("November 1-2, 2022", date(2022, 11, 2)),
        ("October 31\u2013November 1, 2023", date(2023, 11, 1)),
        ("January 31 and February 1, 2017", date(2017, 2, 1)),
        ("March 15, 2020", date(2020, 3, 15)),
        ("no day at all", None),
    ],
)
def test_the_meeting_of_minutes_is_its_last_day(words: str, day: date | None) -> None:
    article = Article(title="Minutes of the Federal Open Market Committee", paragraphs=(words,))

    assert meeting_on(article) == day


def test_whoever_speaks_before_congress_testifies() -> None:
    there = Article(
        title="Banks",
        speaker_line="Governor Ann Able",
        venue="Before the Committee on Banking, Housing, and Urban Affairs, U.S. Senate",
        paragraphs=("Thank you.",),
    )
    club = Article(
        title="Banks",
        speaker_line="Governor Ann Able",
        venue="Before the Economic Club Program Committee, Chester",
        paragraphs=("Thank you.",),
    )

    assert read_document(there).kind == "testimony"
    assert read_document(club).kind == "speech"


def test_a_decision_under_a_strange_title_is_a_statement_all_the_same() -> None:
    words = "The Committee decided to raise its target for the federal funds rate to 3 percent."
    article = Article(title="Something new from the Federal Reserve", paragraphs=(words,))

    document = read_document(article)

    assert document.kind == "statement"
    assert document.statement is not None
    assert document.statement.target is not None


def test_a_speech_about_a_decision_decides_nothing() -> None:
    words = (
        "Today the Committee decided to raise its target for the federal funds rate to 3 percent."
    )
    article = Article(title="Today", speaker_line="Chair Ann Able", paragraphs=(words,))

    assert read_document(article).statement is None
