"""What a statement decides beside the target before it, in fields and in a line."""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.fed.decided import decide, decision_fields
from bot.fed.documents import Article
from bot.fed.preferences import wished_change_bp
from bot.fed.rates import Target
from bot.sources.fed.pages import read_page

RECORDED = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "fed"
TITLE = "Federal Reserve issues FOMC statement"
VOTES = "Voting for the monetary policy action were Jerome H. Powell, Chair; and Lisa D. Cook."


def a_target(lower: str, upper: str) -> Target:
    return Target(lower_pct=Decimal(lower), upper_pct=Decimal(upper))


def fields(decision: str, *more: str, previous: Target | None = None) -> dict[str, Any]:
    article = Article(title=TITLE, paragraphs=(f"The Committee decided to {decision}", *more))
    return decision_fields(decide(article, previous))


def moved(action: str, target: str) -> str:
    return f"{action} the target range for the federal funds rate {target} percent."


@pytest.mark.parametrize(
    ("decision", "previous", "change", "told"),
    [
        (moved("lower", "to 4 to 4-1/4"), ("4.25", "4.5"), -25, "cuts 25 bp to 4.00–4.25 %"),
        (moved("raise", "to 1-1/2 to 1-3/4"), ("0.75", "1"), 75, "raises 75 bp to 1.50–1.75 %"),
        (moved("lower", "to 4 to 4-1/4"), None, None, "cuts to 4.00–4.25 %"),
        (
            moved("lower", "by 1/2 percentage point to 4-3/4 to 5"),
            None,
            -50,
            "cuts 50 bp to 4.75–5.00 %",
        ),
        (moved("maintain", "at 3-1/2 to 3-3/4"), None, 0, "holds at 3.50–3.75 %"),
    ],
)
def test_a_change_is_known_where_it_is_stated_or_the_target_before_is(
    decision: str, previous: tuple[str, str] | None, change: float | None, told: str
) -> None:
    found = fields(decision, previous=a_target(*previous) if previous else None)

    assert found["change_bp"] == change
    assert found["told"] == told
    assert found["previous_upper_pct"] == (float(previous[1]) if previous else None)


def test_a_text_that_contradicts_the_target_before_is_taken_at_its_word_and_marked() -> None:
    lower = moved("lower", "by 1/4 percentage point to 4 to 4-1/4")

    found = fields(lower, previous=a_target("5.25", "5.5"))

    assert (found["action"], found["target_upper_pct"], found["change_bp"]) == ("cut", 4.25, -25)
    assert "change_disagrees" in found["quality"].split()
    assert found["previous_upper_pct"] is None


def test_a_statement_that_can_not_be_read_tells_nothing_of_the_target() -> None:
    found = fields("move the target range for the federal funds rate to about 4 percent or so.")

    assert found["action"] == "unread"
    assert found["told"] == "statement could not be read"
    known = ("target_lower_pct", "target_upper_pct", "previous_upper_pct", "change_bp", "votes_for")
    assert [found[name] for name in known] == [None] * 5


def test_a_text_that_decides_nothing_on_the_rate_is_no_hold() -> None:
    article = Article(
        title="FOMC statement: policy normalization principles and plans",
        paragraphs=("The Committee judged it appropriate to describe how it will proceed.",),
    )

    found = decision_fields(decide(article, a_target("1", "1.25")))

    assert (found["action"], found["target_upper_pct"], found["previous_upper_pct"]) == (
        "none", None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "against", "told"),
    [
        (
            moved("lower", "by 1/4 percentage point to 4 to 4-1/4"),
            "Stephen I. Miran, who preferred to lower the target range for the federal funds rate "
            "by 1/2 percentage point at this meeting; and Jeffrey R. Schmid, who preferred no "
            "change to the target range for the federal funds rate at this meeting",
            "(Miran for −50, Schmid for 0)",
        ),
        (
            moved("maintain", "at 3-1/2 to 3-3/4"),
            "Beth M. Hammack, Neel Kashkari, and Lorie K. Logan, who supported maintaining the "
            "target range for the federal funds rate but did not support inclusion of an easing "
            "bias in the statement at this time",
            "(Hammack, Kashkari and Logan otherwise)",
        ),
    ],
)
def test_dissenters_of_one_wish_stand_together(decision: str, against: str, told: str) -> None:
    found = fields(decision, f"{VOTES} Voting against this action were {against}.")

    assert found["told"].endswith(told)


def test_without_a_vote_in_the_text_no_count_is_zero() -> None:
    found = fields(moved("maintain", "at 3-1/2 to 3-3/4"))

    counts = ("votes_for", "votes_against", "dissents_tighter", "dissents_easier", "dissenters")
    assert [found[name] for name in counts] == [None] * 5


@pytest.mark.parametrize(
    ("preferred", "change"),
    [
        ("preferred to raise the target range for the federal funds rate to 1/2 to 3/4 percent",
         25),
        ("preferred an increase of 25 basis points in the federal funds rate target", 25),
        ("preferred to reduce the target range for the federal funds rate by 1/2 percentage point",
         -50),
        ("preferred no change in the target for the federal funds rate at this meeting", 0),
        ("preferred less aggressive action at this meeting", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_wish_has_a_size_where_it_tells_one(preferred: str | None, change: int | None) -> None:
    assert wished_change_bp(preferred, a_target("0.25", "0.5")) == change


def recorded() -> Iterator[tuple[dict[str, Any], dict[str, Any], Target | None]]:
    """Each copy of each statement, and the target before it where that is known."""
    golden = json.loads((RECORDED / "golden_statements.json").read_text(encoding="utf-8"))
    by_date = {each["date"]: each for each in golden}
    for each in golden:
        before = by_date.get(each["previous_date"])
        known = before is not None and before["target_upper_pct"] is not None
        previous = (
            a_target(str(before["target_lower_pct"]), str(before["target_upper_pct"]))
            if known and before
            else None
        )
        for file in each["files"]:
            if file["target_in_copy"]:
                yield each, file, previous


@pytest.mark.skipif(not RECORDED.is_dir(), reason="BOT_TEST_DATA names no recorded statements")
def test_action_target_and_change_of_every_recorded_statement_are_those_of_the_public_record() -> (
    None
):
    wrong = []
    for each, file, previous in recorded():
        (path,) = RECORDED.glob(f"statements_*/{file['file']}")
        found = decision_fields(decide(read_page(path.read_bytes(), name=path.name), previous))
        change = each["change_bp"] if each["change_bp"] is not None else found["change_bp"]
        want = (each["action"] or "none", each["target_upper_pct"], change)
        if (found["action"], found["target_upper_pct"], found["change_bp"]) != want:
            wrong.append((file["file"], found["told"]))

    assert not wrong


def test_a_tally_without_its_named_dissenter_is_marked_and_counts_the_dissent() -> None:
    found = fields(
        moved("maintain", "at 3-1/2 to 3-3/4"),
        "The Committee approved this statement by a 12 - 0 vote.",
        "Voting against the monetary policy action was Max Moor, who preferred to lower the target "
        "range by 1/4 percentage point.",
    )

    assert (found["votes_for"], found["votes_against"]) == (None, 1)
    assert found["quality"] == "votes_unread votes_contradict"
    assert found["told"] == ("holds at 3.50–3.75 %, its votes contradict each other (Moor for −25)")


@pytest.mark.parametrize(
    ("vote", "counts", "told"),
    [
        ("The Committee\u2019s decision was unanimous.", (None, 0), ", none against"),
        ("Voting against the action: none.", (None, 0), ", none against"),
        (
            "Voting against the action was Max Moor, who preferred to lower the target range by "
            "1/4 percentage point.",
            (None, 1),
            ", 1 against (Moor for −25)",
        ),
    ],
)
def test_a_vote_of_which_only_one_side_is_told_says_that_side(
    vote: str, counts: tuple[int | None, int], told: str
) -> None:
    found = fields(moved("maintain", "at 3-1/2 to 3-3/4"), vote)

    assert (found["votes_for"], found["votes_against"]) == counts
    assert found["told"] == f"holds at 3.50–3.75 %{told}"
    assert found["quality"] is None
