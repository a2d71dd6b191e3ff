"""Directions of dissents, relative to what was done."""

from decimal import Decimal

import pytest

from bot.fed.policy_words import Act
from bot.fed.preferences import Direction, Done, direction, wished_change_bp
from bot.fed.rates import Target
from bot.fed.statement import read_statement

RANGE = Target(lower_pct=Decimal("3.5"), upper_pct=Decimal("3.75"))


def _of(preferred: str | None, act: Act, step: str | None = None) -> Direction:
    done = Done(act=act, target=RANGE, step_pct=None if step is None else Decimal(step))
    return direction(preferred, done)


@pytest.mark.parametrize(
    ("preferred", "after_a_hike", "after_a_hold", "after_a_cut"),
    [
        ("preferred no change in the target at this meeting", "easier", "other", "tighter"),
        ("preferred to maintain the target range", "easier", "other", "tighter"),
        ("preferred an increase in the target for the federal funds rate", "other", "tighter",
         "tighter"),
        ("preferred at this meeting to raise the target range to 4 to 4-1/4 percent", "tighter",
         "tighter", "tighter"),
        ("preferred to reduce the target range for the federal funds rate to 3 to 3-1/4 percent",
         "easier", "easier", "easier"),
        ("supported all else but preferred to reduce the target range to 3-3/4 to 4 percent",
         "tighter", "tighter", "tighter"),
        ("preferred to lower the target range by 1/4 percentage point", "easier", "easier",
         "tighter"),
        ("preferred a 75 basis point reduction in the target for the federal funds rate", "easier",
         "easier", "easier"),
        ("preferred less aggressive action at this meeting", "easier", "other", "tighter"),
        ("opposed additional asset purchases", "tighter", "tighter", "tighter"),
        ("supported additional policy accommodation at this time", "easier", "easier", "easier"),
        ("did not support additional policy accommodation at this time", "tighter", "tighter",
         "tighter"),
        ("objected to the guidance on the target range", "other", "other", "other"),
        ("supported maintaining the target range but did not support an easing bias", "easier",
         "other", "tighter"),
        ("supported no change for the target range but preferred to slow the decline of holdings",
         "easier", "other", "tighter"),
        ("did not believe that conditions justified policy action", "easier", "other", "tighter"),
        ("preferred not to lower the target range", "other", "other", "tighter"),
        ("preferred not to raise the target range", "easier", "other", "other"),
        ("opposed the reduction in the target range", "other", "other", "tighter"),
        ("opposed the reduction of asset purchases", "other", "other", "other"),
        ("opposed a larger reduction in the target range", "other", "other", "other"),
        ("argued against lowering the target range", "other", "other", "tighter"),
        ("did not support lowering the target range", "other", "other", "tighter"),
        ("would have kept the target range unchanged", "easier", "other", "tighter"),
        ("would not have raised the target range", "easier", "other", "other"),
        ("preferred a higher target range", "tighter", "tighter", "tighter"),
        ("preferred a lower target range", "easier", "easier", "easier"),
        ("preferred a target range of 3-1/4 to 3-1/2 percent", "easier", "easier", "easier"),
        ("preferred a target range of 3-3/4 to 4 percent", "tighter", "tighter", "tighter"),
        ("would have lowered the target range by 3/4 percentage point", "easier", "easier",
         "easier"),
        ("preferred to postpone the increase", "easier", "other", "other"),
        ("preferred to delay the reduction in the target range", "other", "other", "tighter"),
        (None, "other", "other", "other"),
    ],
)  # fmt: skip
def test_a_dissent_is_tighter_or_easier_than_what_was_done(
    preferred: str | None, after_a_hike: str, after_a_hold: str, after_a_cut: str
) -> None:
    assert _of(preferred, Act.HIKE, "0.5") == after_a_hike
    assert _of(preferred, Act.HOLD) == after_a_hold
    assert _of(preferred, Act.CUT, "0.5") == after_a_cut


def test_a_refusal_tells_no_size_and_a_named_range_does() -> None:
    assert wished_change_bp("preferred not to lower the target range by 1/4 point", RANGE) is None
    assert (
        wished_change_bp("would have lowered the target range by 1/2 percentage point", RANGE)
        == -50
    )
    assert wished_change_bp("preferred a target range of 3-1/4 to 3-1/2 percent", RANGE) == -25


def test_a_step_is_compared_with_the_one_known_from_the_target_before() -> None:
    text = [
        "The Committee decided to lower the target range for the federal funds rate to 3-1/2 to "
        "3-3/4 percent.",
        "Voting against this action were Max Moor, who preferred to lower the target range for the "
        "federal funds rate by 1/2 percentage point; and Ned Nash, who preferred no change.",
    ]
    before = Target(lower_pct=Decimal("3.75"), upper_pct=Decimal(4))

    alone, beside = read_statement(text), read_statement(text, previous=before)

    assert [no.direction for no in alone.votes.dissents] == ["other", "tighter"]
    assert [no.direction for no in beside.votes.dissents] == ["easier", "tighter"]
    assert beside.step_pct == Decimal("0.25")
    assert beside.unread == ()


def test_words_that_contradict_the_target_before_are_said_to_be_unread() -> None:
    raised = [
        "The Committee decided to raise the target range for the federal funds rate by 1/4 "
        "percentage point to 3-1/2 to 3-3/4 percent."
    ]

    assert read_statement(raised, previous=RANGE).unread
    below = Target(lower_pct=Decimal(3), upper_pct=Decimal("3.25"))
    assert read_statement(raised, previous=below).unread
    near = Target(lower_pct=Decimal("3.25"), upper_pct=Decimal("3.5"))
    assert read_statement(raised, previous=near).unread == ()


def test_a_target_that_is_set_moves_against_the_one_before() -> None:
    text = ["The Committee decided to establish a target range for the federal funds rate of 0 "
            "to 1/4 percent."]  # fmt: skip
    before = Target(lower_pct=Decimal(1), upper_pct=Decimal(1))

    assert read_statement(text).act == Act.SET
    assert read_statement(text, previous=before).act == Act.CUT
