"""Votes: roll calls, tallies, and who wanted what."""

import pytest

from bot.fed.sentences import sentences
from bot.fed.votes import Votes, read_votes

FOR = (
    "Voting for the FOMC monetary policy action were: Ann A. Able, Chairman; Bo B. Bell, Vice "
    "Chairman; Carl W. Cole, Jr.; J. Dan Dare; and Eve Bloom Eden. "
)


def _read(paragraph: str) -> Votes:
    return read_votes(sentences(paragraph))


def test_names_end_neither_at_an_initial_nor_at_a_junior() -> None:
    read = _read(FOR)

    assert read.voting_for == (
        *("Ann A. Able", "Bo B. Bell", "Carl W. Cole, Jr.", "J. Dan Dare", "Eve Bloom Eden"),
    )
    assert (read.votes_for, read.votes_against, read.unread) == (5, 0, ())


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            "Voting against was Max M. Moor, who preferred no change.",
            [("Max M. Moor", "preferred no change")],
        ),
        (
            "Voting against the action was: Max M. Moor.",
            [("Max M. Moor", None)],
        ),
        (
            "Voting against the action were: Max Moor and Ned N. Nash, Jr. Governor Moor and "
            "President Nash preferred a reduction.",
            [
                ("Max Moor", "preferred a reduction"),
                ("Ned N. Nash, Jr.", "preferred a reduction"),
            ],
        ),
        (
            "Voting against this action were Max M. Moor and Ned Nash, each of whom preferred to "
            "raise the target range to 1/2 to 3/4 percent.",
            [
                ("Max M. Moor", "preferred to raise the target range to 1/2 to 3/4 percent"),
                ("Ned Nash", "preferred to raise the target range to 1/2 to 3/4 percent"),
            ],
        ),
        (
            "Voting against this action were Max M. Moor, who preferred to lower it by 1/2 "
            "percentage point at this meeting, and Ned Nash and O. Orr, who preferred no change.",
            [
                ("Max M. Moor", "preferred to lower it by 1/2 percentage point at this meeting"),
                ("Ned Nash", "preferred no change"),
                ("O. Orr", "preferred no change"),
            ],
        ),
        (
            "Voting against the action were Max Moor, who was concerned about growth, jobs, and "
            "wages; Ned Nash, who believed more was due; and Pat Quinn, who objected to the words.",
            [
                ("Max Moor", "was concerned about growth, jobs, and wages"),
                ("Ned Nash", "believed more was due"),
                ("Pat Quinn", "objected to the words"),
            ],
        ),
        (
            "Voting against the policy was Max M. Moor. Mr. Moor believed the risks outweighed the "
            "benefits. He also saw imbalances.",
            [
                (
                    "Max M. Moor",
                    "believed the risks outweighed the benefits. He also saw imbalances",
                )
            ],
        ),
        (
            "Voting against the action were Max Moor and Ned Nash. President Moor believed one "
            "thing. President Nash objected to another.",
            [("Max Moor", "believed one thing"), ("Ned Nash", "objected to another")],
        ),
        (
            "Voting against the action was Governor Max M. Moor, preferring a smaller step.",
            [("Max M. Moor", "preferring a smaller step")],
        ),
        (
            "Voting against: Max Moor (who preferred no change) and Ned Nash.",
            [("Max Moor", "preferred no change"), ("Ned Nash", None)],
        ),
        ("Voting against this action: None.", []),
    ],
)
def test_each_vote_against_is_told_with_what_its_voter_wanted(
    told: str, expected: list[tuple[str, str | None]]
) -> None:
    read = _read(FOR + told)

    assert [(no.name, no.preferred) for no in read.dissents] == expected
    assert (read.votes_for, read.votes_against, read.unread) == (5, len(expected), ())


def test_alternates_and_absents_are_told_and_counted_once() -> None:
    read = _read(
        FOR + "Voting against was Max Moor, who preferred no change. Absent and not voting was "
        "Zoe Zorn. Eve Bloom Eden voted as an alternate member at this meeting. In a related "
        "action, the Board of Governors unanimously approved a decrease in the discount rate."
    )

    assert (read.votes_for, read.votes_against) == (5, 1)
    assert (read.absent, read.alternates) == (("Zoe Zorn",), ("Eve Bloom Eden",))
    assert read.dissents[0].preferred == "preferred no change"


def test_an_alternate_in_brackets_or_behind_a_comma_is_one_voter() -> None:
    read = _read(
        "Voting for the action were Ann Able, Chair Pro Tempore; Bo Bell (alternate); Carl Cole, "
        "alternate for Dan Dare; and Eve Eden, Vice Chair for Supervision."
    )

    assert read.voting_for == ("Ann Able", "Bo Bell", "Carl Cole", "Eve Eden")


def test_more_votes_than_seats_are_said_to_be_unread() -> None:
    many = "; ".join(f"{letter}nn Able" for letter in "ABCDEFGHIJKLM")

    assert _read(f"Voting for the action were {many}.").unread


def test_a_vote_by_notation_is_a_vote() -> None:
    read = _read("Voting (by notation) for the monetary policy action were Ann Able and Bo Bell.")

    assert (read.votes_for, read.votes_against) == (2, 0)


TALLY = "The Federal Open Market Committee approved the following statement for release by {} vote:"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a 12 \u2013 0", (12, 0)),
        ("an 11-1", (11, 1)),
        ("a 10 \u2014 2", (10, 2)),
        ("a nine to three", (9, 3)),
        ("a 12 \u2013 0 \u2013 0", (12, 0)),
        ("a unanimous", (None, 0)),
    ],
)
def test_the_tally_of_the_new_form_is_read(words: str, expected: tuple[int | None, int]) -> None:
    read = _read(TALLY.format(words))

    assert (read.votes_for, read.votes_against) == expected


def test_a_tally_and_its_dissents_stand_together() -> None:
    read = read_votes(
        [
            TALLY.format("a 10 \u2013 2"),
            "Voting against the monetary policy action were Max M. Moor and Ned Nash, who "
            "preferred to maintain the target range.",
        ]
    )

    assert (read.votes_for, read.votes_against, read.unread) == (10, 2, ())
    assert [no.name for no in read.dissents] == ["Max M. Moor", "Ned Nash"]


def test_a_tally_that_names_contradict_is_said_to_be_unread() -> None:
    assert _read(TALLY.format("a 10 \u2013 2")).unread


@pytest.mark.parametrize(
    "strange",
    [
        "Voting against the action, whatever the reason.",
        "Ned Nash dissented.",
        "Voting for the action were 12 members.",
        "Voting for the action were: Pat Quinn; Rex Roe;",
        "The Committee approved the following statement for release with one dissent:",
    ],
)
def test_a_roll_call_in_unknown_words_is_said_to_be_unread(strange: str) -> None:
    read = _read(FOR + strange)

    assert read.unread == (strange,)
    assert read.votes_against is None


def test_a_text_without_a_vote_tells_none() -> None:
    read = _read("The Board of Governors unanimously approved an increase by a 7-0 vote.")

    assert not read.told
    assert read.votes_for is None


TWO_NOES = "Voting against this action were Max M. Moor and Ned N. Nash. "
MOOR = "preferred to raise the target range by 1/4 percentage point"
NASH = "preferred to lower it by 1/4 percentage point"


@pytest.mark.parametrize(
    "told",
    [
        f"President Moor {MOOR}; Governor Nash {NASH}.",
        f"President Moor {MOOR}, while Governor Nash {NASH}.",
        f"President Moor {MOOR} and Governor Nash {NASH}.",
        f"Governor Moor {MOOR}, whereas President Nash {NASH}.",
        f"The former {MOOR}; the latter {NASH}.",
    ],
)
def test_two_dissenters_in_one_sentence_keep_each_their_own_wish(told: str) -> None:
    read = _read(TWO_NOES + told)

    assert [(no.name, no.preferred) for no in read.dissents] == [
        ("Max M. Moor", MOOR),
        ("Ned N. Nash", NASH),
    ]
    assert read.unread == ()


@pytest.mark.parametrize(
    "told",
    [
        f"President Moor {MOOR}, with Governor Nash preferring to lower it.",
        "President Moor and Governor Nash preferred to raise and to lower the target range, "
        "respectively.",
    ],
)
def test_wishes_of_two_that_cannot_be_told_apart_are_unread(told: str) -> None:
    read = _read(TWO_NOES + told)

    assert [no.preferred for no in read.dissents] == [None, None]
    assert read.unread == (told,)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('Robert "Bob" S. Moor', "Robert S. Moor"),
        ("Max M. Moor, President of the Federal Reserve Bank of St. Louis", "Max M. Moor"),
    ],
)
def test_a_nickname_and_a_bank_cut_no_name_off_its_reason(written: str, name: str) -> None:
    read = _read(f"Voting against this action was {written}, who preferred no change.")

    assert [(no.name, no.preferred) for no in read.dissents] == [(name, "preferred no change")]
    assert read.unread == ()


@pytest.mark.parametrize(
    "told",
    [
        "Voting against\u2014Max M. Moor\u2014who preferred no change.",
        "Voting against \u2014 Max M. Moor \u2014 who preferred no change.",
        "Voting against--Max M. Moor--who preferred no change.",
        "Voting against, Max M. Moor, who preferred no change.",
        "Voting against was Max M. Moor\u2014who preferred no change.",
        "Voting against the action was Max M. Moor \u2013 who preferred no change.",
    ],
)
def test_dashes_and_commas_around_a_dissenter_are_no_part_of_the_name(told: str) -> None:
    read = _read(FOR + told)

    assert [no.name for no in read.dissents] == ["Max M. Moor"]
    assert (read.dissents[0].preferred, read.unread) == ("preferred no change", ())


def test_dashes_part_dissenters_with_different_wishes() -> None:
    read = _read(
        "Voting against were Max M. Moor\u2014who preferred no change\u2014and Ned Nash\u2014who "
        "preferred a pause\u2014at this meeting."
    )

    assert [(no.name, no.preferred) for no in read.dissents] == [
        ("Max M. Moor", "preferred no change"),
        ("Ned Nash", "preferred a pause - at this meeting"),
    ]


@pytest.mark.parametrize(
    "told",
    [
        f"The former {MOOR}, the latter {NASH}.",
        f"The latter two {NASH}.",
        f"The former {MOOR}.",
    ],
)
def test_former_and_latter_of_three_dissenters_are_unread(told: str) -> None:
    read = _read("Voting against were Max M. Moor, Ned N. Nash and Otto Orr. " + told)

    assert [no.preferred for no in read.dissents] == [None, None, None]
    assert read.unread


UNANIMOUS = [
    "By a unanimous vote, the Committee decided to maintain the target range for the federal funds "
    "rate at 3-1/2 to 3-3/4 percent.",
    "The Committee voted unanimously to maintain the target range for the federal funds rate at "
    "3-1/2 to 3-3/4 percent.",
    "The Committee unanimously decided to maintain the target range for the federal funds rate at "
    "3-1/2 to 3-3/4 percent.",
    "The Committee decided by unanimous vote to maintain the target range for the federal funds "
    "rate at 3-1/2 to 3-3/4 percent.",
    "The vote of the Committee on this policy action was unanimous.",
    "The Committee's decision was unanimous.",
]


@pytest.mark.parametrize("told", UNANIMOUS)
def test_of_a_unanimous_vote_without_names_only_that_nobody_was_against_is_known(
    told: str,
) -> None:
    read = _read(told)

    assert (read.votes_for, read.votes_against, read.unread) == (None, 0, ())


@pytest.mark.parametrize("told", UNANIMOUS)
def test_a_unanimous_vote_with_its_names_has_both_counts(told: str) -> None:
    read = _read(told + " " + FOR)

    assert (read.votes_for, read.votes_against, read.unread) == (5, 0, ())


@pytest.mark.parametrize(
    "told",
    [
        "At its October meeting the Committee unanimously decided to lower the target range.",
        "The Committee did not decide unanimously on the target range.",
        "The decision of the Committee was not unanimous.",
        "The Committee unanimously thanked its Chairman.",
        "The Committee unanimously approved a statement on its longer-run goals.",
        "In a related action, the Board of Governors voted unanimously to keep the rate on reserve "
        "balances, which the Committee welcomed with its target.",
    ],
)
def test_a_unanimity_that_is_not_that_of_the_decision_counts_nobody(told: str) -> None:
    assert _read(told).votes_against is None
