"""Paragraphs of statements cut to what they tell, and into words."""

from datetime import date

from bot.fed.passages import body, words
from bot.sandbox.fed_texts import statement_paragraphs


def test_words_are_compared_without_marks_and_capitals() -> None:
    assert words("The “longer‑run” goals: 3-1/2 percent (Net).") == [
        *("the", "longer-run", "goals", "3-1/2", "percent", "net")
    ]


def test_a_statement_is_told_without_its_title_votes_and_links() -> None:
    head = ["September 17, 2025", "Federal Reserve issues FOMC statement"]
    release = "For release at 2:00 p.m. EDT"
    links = ["For media inquiries, please email", "Implementation Note issued September 17, 2025"]

    told = body([*head, release, *statement_paragraphs(date(2025, 9, 17)), *links])

    assert told[0].startswith("Recent indicators suggest")
    assert told[-1].endswith("and financial and international developments.")
    assert len(told) == 4


def test_of_the_form_since_june_2026_neither_tally_nor_dissents_are_told() -> None:
    told = body(
        [
            "The Federal Open Market Committee approved the following statement for release by a "
            "10 – 2 vote:",
            "The Committee decided to maintain the target range at 3-1/2 to 3-3/4 percent.",
            "Inflation is elevated. The Committee will deliver price stability.",
            "Voting against the monetary policy action were Ada B. Roe and John Doe, who preferred "
            "to raise the target range. Ms. Roe saw risks.",
            "For media inquiries, please call.",
        ]
    )

    assert told == [
        "The Committee decided to maintain the target range at 3-1/2 to 3-3/4 percent.",
        "Inflation is elevated. The Committee will deliver price stability.",
    ]


def test_a_roll_call_in_the_last_paragraph_ends_the_text_before_it() -> None:
    told = body(["Growth slowed. Voting for the action were Ada B. Roe, Chair; and John Doe.",
                 "Ms. Roe voted as an alternate."])  # fmt: skip

    assert told == ["Growth slowed."]
