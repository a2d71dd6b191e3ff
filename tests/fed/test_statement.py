"""Statements: the target and the vote, in the wordings of every era."""

from datetime import date
from decimal import Decimal

import pytest

from bot.fed.decisions import Form
from bot.fed.policy_words import Act
from bot.fed.rates import Target
from bot.fed.statement import read_statement

ROLL = "Voting for the monetary policy action were Ann A. Able, Chair; and Bo Bell."

DECIDED = [
    (
        "The Federal Open Market Committee voted today to raise its target for the federal funds "
        "rate by 25 basis points to 5-3/4 percent.",
        (Act.HIKE, "5.75", "5.75", "0.25"),
    ),
    (
        "The Federal Open Market Committee at its meeting today decided to maintain the existing "
        "stance of monetary policy, keeping its target for the federal funds rate at 6-1/2 "
        "percent.",
        (Act.HOLD, "6.5", "6.5", None),
    ),
    (
        "The Federal Open Market Committee decided today to lower its target for the federal funds "
        "rate 50 basis points to 3 percent.",
        (Act.CUT, "3", "3", "0.5"),
    ),
    (
        "The Federal Open Market Committee has decided to keep its target for the federal funds "
        "rate unchanged at 1 3/4 percent.",
        (Act.HOLD, "1.75", "1.75", None),
    ),
    (
        "The Committee decided today to establish a target range for the federal funds rate of 0 "
        "to 1/4 percent.",
        (Act.SET, "0", "0.25", None),
    ),
    (
        "The Committee will maintain the target range for the federal funds rate at 0 to 1/4 "
        "percent and continues to anticipate exceptionally low levels of the federal funds rate.",
        (Act.HOLD, "0", "0.25", None),
    ),
    (
        "In light of these risks, the Committee decided to lower the target range for the federal "
        "funds rate by 1/2 percentage point, to 1 to 1\u20111/4 percent.",
        (Act.CUT, "1", "1.25", "0.5"),
    ),
    (
        "The Committee decided to raise the target range for the federal funds rate to 1-3/4 "
        "percent to 2 percent.",
        (Act.HIKE, "1.75", "2", None),
    ),
    (
        "The Committee decided to leave the target range for the federal funds rate unchanged at "
        "4.25 to 4.50 percent.",
        (Act.HOLD, "4.25", "4.5", None),
    ),
    (
        "The target range for the federal funds rate was left unchanged at 3 to 3-1/4 percent.",
        (Act.HOLD, "3", "3.25", None),
    ),
    (
        "The Committee today lowered its target for the federal funds rate from 5-1/4 percent to "
        "4-3/4 percent.",
        (Act.CUT, "4.75", "4.75", None),
    ),
    (
        "The Committee approved a 25-basis-point increase in the target range for the federal "
        "funds rate, to 10-1/4 to 10-1/2 percent.",
        (Act.HIKE, "10.25", "10.5", "0.25"),
    ),
    (
        "The Committee decided to lower the target range for the federal funds rate by 1/4 "
        "percentage point to -1/4 to 0 percent.",
        (Act.CUT, "-0.25", "0", "0.25"),
    ),
    (
        "The Committee decided to reduce the target range for the federal funds rate to between "
        "zero and one-quarter percent.",
        (Act.CUT, "0", "0.25", None),
    ),
    (
        "The Committee decided not to change the target range for the federal funds rate, leaving "
        "it at 3\u00bd to 3\u00be percent.",
        (Act.HOLD, "3.5", "3.75", None),
    ),
    (
        "The Committee decided, by a vote of 12 to 0, to lower the target range for the federal "
        "funds rate from 4 to 4-1/4 percent to 3-3/4 to 4 percent.",
        (Act.CUT, "3.75", "4", None),
    ),
    (
        "The Committee decided that the target range for the federal funds rate should be raised "
        "to 4 to 4-1/4 percent.",
        (Act.HIKE, "4", "4.25", None),
    ),
    (
        "The Committee decided to maintain the 3-1/2 to 3-3/4 percent target range for the federal "
        "funds rate.",
        (Act.HOLD, "3.5", "3.75", None),
    ),
    (
        "The Committee is maintaining its target range of 3 to 3-1/4 percent for the federal funds "
        "rate.",
        (Act.HOLD, "3", "3.25", None),
    ),
    (
        "The Committee agreed that the target range will remain at 3%-3.25%.",
        (Act.HOLD, "3", "3.25", None),
    ),
    (
        "The Committee made no change to the target range for the federal-funds rate, which "
        "remains 3 to 3-1/4 percent.",
        (Act.HOLD, "3", "3.25", None),
    ),
    (
        "The Federal Open Market Committee, meeting by conference call on January 3, decided to "
        "lower its target for the Federal funds rate by one-half percentage point to 6-percent.",
        (Act.CUT, "6", "6", "0.5"),
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), DECIDED)
def test_a_decision_is_read_in_whatever_words_it_is_told(
    sentence: str, expected: tuple[Act, str, str, str | None]
) -> None:
    act, lower, upper, step = expected

    read = read_statement(["Economic activity expanded.", sentence])

    assert read.target is not None
    assert (read.target.lower_pct, read.target.upper_pct) == (Decimal(lower), Decimal(upper))
    assert (read.act, read.step_pct) == (act, None if step is None else Decimal(step))
    assert read.unread == ()
    assert read.evidence == (sentence,)


@pytest.mark.parametrize(
    ("sentence", "form"),
    [
        (
            "To support progress, the Committee today reaffirmed its view that the current 0 to "
            "1/4 percent target range for the federal funds rate remains appropriate.",
            Form.REAFFIRMED,
        ),
        (
            "In determining how long to maintain the current 0 to 1/4 percent target range for the "
            "federal funds rate, the Committee will assess progress.",
            Form.RESTATED,
        ),
        (
            "The current exceptionally low target range for the federal funds rate of 0 to 1/4 "
            "percent will be appropriate as long as unemployment remains above 6-1/2 percent.",
            Form.RESTATED,
        ),
    ],
)
def test_a_target_that_is_only_repeated_is_known_as_such(sentence: str, form: Form) -> None:
    read = read_statement([sentence, ROLL])

    assert read.target is not None
    assert (read.target.lower_pct, read.target.upper_pct) == (Decimal(0), Decimal("0.25"))
    assert (read.form, read.act, read.unread) == (form, Act.HOLD, ())


@pytest.mark.parametrize(
    "sentence",
    [
        "In a related action, the Board of Governors unanimously approved a 50-basis-point "
        "decrease in the discount rate to 3-1/2 percent.",
        "The Committee seeks inflation at the rate of 2 percent over the longer run.",
        "The Committee expects that it will be appropriate to lower the target range for the "
        "federal funds rate to 2 to 2-1/4 percent.",
        "The Board voted to raise the primary credit rate to 4-1/2 percent.",
        "Participants who preferred to raise the target range for the federal funds rate to 5 to "
        "5-1/4 percent saw risks.",
        "The Committee anticipates that economic conditions warrant a federal funds rate near 2 "
        "percent.",
        "The Committee would be prepared to lower its target for the federal funds rate to 1 "
        "percent.",
    ],
)
def test_other_rates_and_wishes_are_no_target(sentence: str) -> None:
    read = read_statement([sentence])

    assert (read.target, read.act, read.unread) == (None, None, ())


def test_a_directive_to_the_desk_decides_nothing() -> None:
    directive = (
        '"Effective March 23, 2020, the Federal Open Market Committee directs the Desk to maintain '
        'the federal funds rate in a target range of 0 to 1/4 percent."'
    )

    read = read_statement([directive, ROLL])

    assert (read.target, read.unread) == (None, ())


def test_a_decision_in_unknown_words_is_said_to_be_unread() -> None:
    strange = (
        "The Committee decided on a target for the federal funds rate somewhere below 3 percent."
    )

    read = read_statement([strange, ROLL])

    assert read.target is None
    assert strange in read.unread


def test_a_vote_on_the_action_without_a_target_is_said_to_be_unread() -> None:
    read = read_statement(["The Committee remains attentive to risks.", ROLL])

    assert read.target is None
    assert read.unread


def test_two_targets_that_contradict_one_another_are_none() -> None:
    one = "The Committee decided to raise its target for the federal funds rate to 3 percent."
    other = "The Committee decided to keep its target for the federal funds rate at 2 percent."

    read = read_statement([one, other])

    assert read.target is None
    assert read.unread == (one, other)


def test_what_is_told_of_the_past_does_not_name_the_act_of_today() -> None:
    read = read_statement(
        [
            "Since May, the Committee has lowered the target range for the federal funds rate by "
            "1 percentage point to 3-1/2 to 3-3/4 percent.",
            "The Committee decided to maintain the target range for the federal funds rate at "
            "3-1/2 to 3-3/4 percent.",
        ]
    )

    assert (read.act, read.step_pct, read.unread) == (Act.HOLD, None, ())


RECAPS = [
    "At its October meeting, the Committee decided to lower the target range for the federal funds "
    "rate by 1/4 percentage point to 3-3/4 to 4 percent.",
    "In September, the Committee decided to raise the target range for the federal funds rate by "
    "1/4 percentage point to 3-3/4 to 4 percent.",
    "Since September 2025 the Committee has lowered the target range for the federal funds rate by "
    "75 basis points to 3-1/2 to 3-3/4 percent.",
    "On March 3, the Committee lowered the target range for the federal funds rate by 1/2 "
    "percentage point to 1 to 1-1/4 percent.",
    "The Committee has lowered the target range for the federal funds rate to 3 to 3-1/4 percent.",
    "The Committee, at its previous meeting, decided to lower the target range for the federal "
    "funds rate to 3 to 3-1/4 percent.",
    "Last month the Committee decided to lower the target range for the federal funds rate to 3 to "
    "3-1/4 percent.",
    "Earlier this year, the Committee lowered the target range for the federal funds rate to 3 to "
    "3-1/4 percent.",
]


@pytest.mark.parametrize("recap", RECAPS)
def test_what_was_decided_before_is_never_the_decision_of_today(recap: str) -> None:
    read = read_statement([recap, "Today the Committee left policy unchanged.", ROLL])

    assert (read.target, read.act, read.step_pct) == (None, None, None)
    assert recap in read.unread


@pytest.mark.parametrize("recap", RECAPS)
def test_what_was_decided_before_does_not_stand_against_the_decision_of_today(recap: str) -> None:
    today = (
        "The Committee decided to keep the target range for the federal funds rate at 2 to "
        "2-1/4 percent."
    )

    read = read_statement([recap, today, ROLL])

    assert read.target == Target(lower_pct=Decimal(2), upper_pct=Decimal("2.25"))
    assert (read.act, read.unread) == (Act.HOLD, ())


@pytest.mark.parametrize(
    "opening",
    [
        "In light of information received since its October meeting, the Committee decided",
        "Since inflation has eased, the Committee decided today",
        "In March 2026 terms, the Committee today decided",
        "The Federal Open Market Committee at its meeting on December 19, 2000, decided",
    ],
)
def test_a_decision_of_today_may_look_back(opening: str) -> None:
    read = read_statement(
        [f"{opening} to keep the target range for the federal funds rate at 2 to 2-1/4 percent."]
    )

    assert (read.act, read.unread) == (Act.HOLD, ())


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("maintain the target range for the federal funds rate at 3-3/4 to 34 percent", None),
        ("raise the target range for the federal funds rate to 4 to 5-1/4 percent", None),
        ("raise the target range for the federal funds rate to 4 percent", None),
        ("raise its target for the federal funds rate to 4 percent", date(2026, 10, 28)),
        ("raise its target for the federal funds rate to 4 to 4-1/4 percent", date(2007, 9, 18)),
        ("raise the target range for the federal funds rate by 1/4 to 4 to 4-1/2 percent", None),
        ("raise its target for the federal funds rate to 51/4 percent to 41 percent", None),
        ("raise its target for the federal funds rate to 41 percent", None),
    ],
)
def test_a_target_that_can_not_be_meant_is_unread(words: str, day: date | None) -> None:
    sentence = f"The Committee decided to {words}."

    read = read_statement([sentence, ROLL], published_on=day)

    assert (read.target, read.act, read.step_pct) == (None, None, None)
    assert sentence in read.unread


def test_a_single_rate_is_a_target_before_ranges_came() -> None:
    sentence = "The Committee decided to raise its target for the federal funds rate to 4 percent."

    read = read_statement([sentence, ROLL], published_on=date(2005, 11, 1))

    assert read.target == Target(lower_pct=Decimal(4), upper_pct=Decimal(4))


def test_a_regular_statement_without_decision_and_vote_is_said_to_be_unread() -> None:
    body = ["Economic activity expanded."]

    assert read_statement(body, title="Federal Reserve issues FOMC statement").unread
    assert not read_statement(body, title="FOMC statement: liquidity is provided").unread


def test_a_regular_statement_cut_off_before_its_vote_is_said_to_be_unread() -> None:
    decided = "The Committee decided to raise its target for the federal funds rate to 3 percent."

    read = read_statement([decided], title="Federal Reserve issues FOMC statement")

    assert read.target is not None
    assert read.votes.unread == read.unread == ("no vote was found",)


@pytest.mark.parametrize(
    ("day", "unread"),
    [
        (date(2002, 3, 18), ()),
        (date(2002, 3, 19), ("no vote was found",)),
        (None, ("no vote was found",)),
    ],
)
def test_before_march_2002_no_statement_had_to_tell_its_vote(
    day: date | None, unread: tuple[str, ...]
) -> None:
    decided = "The Committee decided to raise its target for the federal funds rate to 3 percent."

    read = read_statement([decided], title="FOMC statement", published_on=day)

    assert (read.unread, read.votes.votes_against) == (unread, None)


MEETINGS = [
    "At its meeting on October 29, the Committee decided",
    "At its meeting on Wednesday, October 29, 2025, the Committee decided",
    "At its meeting on October 28\u201329, 2025, the Committee decided",
    "At the meeting held on October 28 and 29, the Committee decided",
    "The Committee, at its meeting of October 29, decided",
    "The Committee, which met on October 29, decided",
]


@pytest.mark.parametrize("opening", MEETINGS)
def test_a_decision_of_a_meeting_on_a_day_before_is_not_that_of_today(opening: str) -> None:
    told = f"{opening} to keep the target range for the federal funds rate at 2 to 2-1/4 percent."

    read = read_statement([told, ROLL], published_on=date(2025, 12, 10))

    assert read.target is None
    assert told in read.unread


@pytest.mark.parametrize("opening", MEETINGS)
def test_a_meeting_on_the_day_of_the_statement_is_that_of_today(opening: str) -> None:
    told = f"{opening} to keep the target range for the federal funds rate at 2 to 2-1/4 percent."

    read = read_statement([told, ROLL], published_on=date(2025, 10, 29))

    assert (read.act, read.unread) == (Act.HOLD, ())


@pytest.mark.parametrize(
    "opening",
    [
        "In light of information received since its meeting on October 29, the Committee decided",
        "The Committee, having reviewed events since it met on October 29, decided",
    ],
)
def test_what_came_since_a_meeting_is_no_decision_of_that_meeting(opening: str) -> None:
    told = f"{opening} to keep the target range for the federal funds rate at 2 to 2-1/4 percent."

    read = read_statement([told, ROLL], published_on=date(2025, 12, 10))

    assert (read.act, read.unread) == (Act.HOLD, ())
