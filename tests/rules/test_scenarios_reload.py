"""Rules that change while the bot runs: scenarios P6 to P9, and what is told of a change."""

from pathlib import Path

import pytest

from bot.cards import Card
from bot.cards.slack import slack_message
from bot.preview import fired_by
from bot.store import Arrival, Mute
from tests.builders import NOW, a_trade, ms, rules_of
from tests.rules.reloading import SALES, Bot, every
from tests.rules.texts import a_file


def third(comment: str = "") -> str:
    """A file with one rule that alerts on the third sale in a week."""
    lines = (SALES, "by: ticker", "let: {n: {count: events, over: 7d}}", "fire: rise")
    return comment + a_file(*lines, rule_id="third", when="n >= 3")


# P6: what does not change a rule changes nothing.


def test_p6_a_comment_in_the_middle_of_a_window_empties_no_window(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=third())
    assert bot.sell("2025-09-01") == []
    assert bot.sell("2025-09-02") == []

    told = bot.reload(a=third("# Looked at today.\n"))

    assert told == []
    assert bot.sell("2025-09-03") == ["third"]


def test_p6_a_comment_keeps_the_version_that_stands_with_every_decision(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=third())
    bot.sell("2025-09-01")
    bot.reload(a=third("# Looked at today.\n"))
    bot.sell("2025-09-02")
    bot.reload(a=third().replace("n >= 3", "n >= 4"))
    bot.sell("2025-09-03")

    versions = [each["version"] for each in bot.store.decisions.all()]

    assert versions[0] == versions[1] != versions[2]


# P7: a broken file keeps its last good rules.


def test_p7_a_broken_file_keeps_its_rules_and_another_loads(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"))

    told = bot.reload(a="rules: [\n", c=every("c"))

    refusals = [message for message in told if "mistakes" in message.text]
    assert len(refusals) == 1
    assert f"{tmp_path}/a.yaml:1:8" in refusals[0].card
    assert bot.sell("2025-09-01") == ["a", "c"]


def test_p7_a_mistake_is_told_in_slack_with_its_lines_and_a_caret_below_the_place(
    tmp_path: Path,
) -> None:
    bot = Bot(tmp_path, a=every("a"))

    (told,) = bot.reload(a=every("a").replace("side == sell", "side == sael_it"))

    blocks = slack_message(Card.from_json(told.card))["blocks"]
    (text,) = (each["text"]["text"] for each in blocks if "```" in str(each))
    lines = text.splitlines()
    caret = next(n for n, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret - 1][lines[caret].index("^") :].startswith("sael_it")


def test_p7_what_is_refused_is_known_until_it_is_mended(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"))
    bot.reload(a="rules: [\n", c=every("c"))

    assert [rule.id for rule in bot.reloader.rules] == ["a", "c"]
    told = f"{tmp_path}/a.yaml has mistakes: its last good rules stay in force"
    assert bot.reloader.refused == (told,)

    bot.reload(a=every("a"))
    assert not bot.reloader.refused


def test_p7_the_next_look_does_not_repeat_it(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"))
    bot.reload(a="rules: [\n")

    assert bot.reload() == []
    assert bot.reload(c=every("c"))[0].text.startswith("Rules reloaded: 1 new")


def test_p7_a_file_whose_own_test_fails_keeps_its_rules(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"))
    test = "- {name: wrong, given: [{at: 2025-05-05, insider_trade: {ticker: A}}], expect: [{}]}"

    (told,) = bot.reload(a=every("a", 5, "tests:", test))

    assert "the test 'wrong' fails" in told.card
    assert bot.sell("2025-09-01", 1) == ["a"]


# P8: files come, change and go.


def test_p8_an_edited_rule_keeps_what_it_remembers(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a", 1, "cooldown: 30d", "by: ticker"))
    assert bot.sell("2025-09-01", 9) == ["a"]

    bot.reload(a=every("a", 2, "cooldown: 30d", "by: ticker"))

    assert bot.sell("2025-09-02", 9) == []
    assert bot.store.decisions.all()[-1]["fate"] == "in cooldown"


def test_p8_a_clash_is_refused_with_both_files_and_its_repair_loads(tmp_path: Path) -> None:
    bot = Bot(tmp_path, b=every("same"))

    (told,) = bot.reload(a=every("same", 50))

    assert f"{tmp_path}/a.yaml:2:7: the id 'same' is taken by {tmp_path}/b.yaml:2" in told.card
    assert bot.sell("2025-09-01", 1) == ["same"]

    bot.reload(a=every("other", 50))
    assert bot.sell("2025-09-02", 50) == ["other", "same"]


def test_p8_a_disabled_and_a_deleted_rule_stop_at_once(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"), b=every("b"), c=every("c"))

    bot.delete("c")
    (told,) = bot.reload(b=every("b", 1, "enabled: no"))

    assert told.text == "Rules reloaded: 2 gone"
    assert bot.sell("2025-09-01") == ["a"]


def test_p8_a_renamed_file_keeps_its_rules_without_a_word(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a", 1, "cooldown: 30d", "by: ticker"))
    bot.sell("2025-09-01")

    bot.delete("a")
    told = bot.reload(z=every("a", 1, "cooldown: 30d", "by: ticker"))

    assert told == []
    assert bot.sell("2025-09-02") == []


def test_p8_a_deletion_of_a_file_that_was_broken_takes_its_last_good_rules_away(
    tmp_path: Path,
) -> None:
    bot = Bot(tmp_path, a=every("a"), b=every("b"))
    bot.reload(a="rules: [\n")

    bot.delete("a")
    bot.reload()

    assert bot.sell("2025-09-01") == ["b"]


# P9: a check that fails restarts nothing and can be tried again.


def test_p9_the_old_rules_run_through_failing_checks_until_a_good_file_comes(
    tmp_path: Path,
) -> None:
    bot = Bot(tmp_path, a=every("a", 5))

    assert len(bot.reload(a="rules: [\n")) == 1
    assert bot.sell("2025-09-01", 5) == ["a"]
    assert len(bot.reload(a="rules: {\n")) == 1
    assert bot.sell("2025-09-02", 4) == []

    bot.reload(a=every("a", 4))
    assert bot.sell("2025-09-03", 4) == ["a"]


def test_p9_a_mistake_that_comes_back_after_a_good_file_is_told_again(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"))
    bot.reload(a="rules: [\n")
    bot.reload(a=every("a"))

    assert len(bot.reload(a="rules: [\n")) == 1


# What is told of a change, and how.


def test_a_change_tells_what_the_last_90_days_would_have_been(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a", 1), b=every("b"))
    for day, value in (("2025-06-01", 9), ("2025-09-01", 1), ("2025-09-02", 5), ("2025-09-03", 9)):
        bot.sell(day, value)

    (told,) = bot.reload(a=every("a", 5))

    assert told.text == "Rules reloaded: 1 changed"
    assert '"a","text":"last 90 days: 3 before, 2 after"' in told.card
    assert '"b"' not in told.card


def test_a_look_at_the_past_changes_nothing(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=third())
    for day in ("2025-09-01", "2025-09-02", "2025-09-03"):
        bot.sell(day)
    before = (bot.store.decisions.all(), bot.store.outbox.all(), bot.store.decisions.versions())

    past = fired_by(bot.store, rules_of(third()), since=NOW.replace(year=2024), now=NOW)

    assert dict(past.alerts) == {"third": 1}
    assert before == (
        bot.store.decisions.all(), bot.store.outbox.all(), bot.store.decisions.versions()
    )  # fmt: skip
    assert bot.store.decisions.judged_seq() == bot.store.facts.newest_seq()


def test_a_look_at_the_past_sees_alerts_of_other_rules_and_what_was_muted(tmp_path: Path) -> None:
    watcher = (
        "rules:\n- id: w\n  on: insider_trade\n  let: {n: {seen: a, over: 10d}}\n  when: n >= "
    )
    bot = Bot(tmp_path, a=every("a"), w=watcher + "9\n  message: x\n")
    bot.store.circumstances.mute(Mute(since=ms("2025-09-03"), until=ms("2025-09-04"), rule="w"))
    for day in ("2025-09-01", "2025-09-02", "2025-09-03", "2025-09-04"):
        bot.store.facts.add([Arrival(fact=a_trade(day), seen_at=ms(day))])
    bot.judging.tick()

    (told,) = bot.reload(w=watcher + "2\n  message: x\n")

    assert '"w","text":"last 90 days: 0 before, 2 after"' in told.card
    assert '"label":"a"' not in told.card
    assert len(bot.store.circumstances.mutes()) == 1


def test_keys_that_match_already_start_fired_and_are_told_in_one_line(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"))
    for day in ("2025-09-01", "2025-09-02", "2025-09-03"):
        bot.sell(day)

    (told,) = bot.reload(b=third())

    assert '"third","text":"1 ticker already matches"' in told.card
    assert bot.sell("2025-09-04") == ["a"]


def test_a_file_that_is_still_being_written_is_left_until_it_rests(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"))

    bot.write("a", "rules:\n- id: a")
    bot.reloader.look()
    bot.write("a", every("a", 5))
    bot.reloader.look()
    assert bot.ops() == []

    bot.reloader.look()
    assert bot.sell("2025-09-01", 4) == []


def test_a_folder_without_files_keeps_the_rules_and_says_so_once(tmp_path: Path) -> None:
    bot = Bot(tmp_path, a=every("a"))

    bot.delete("a")
    assert len(bot.reload()) == 1
    assert bot.reload() == []

    assert bot.sell("2025-09-01") == ["a"]


def test_without_a_channel_for_operators_only_the_log_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = Bot(tmp_path, a=every("a"))
    bot.reloader._ops_channel = None

    assert bot.reload(a="rules: [\n") == []
    assert "rules.refused" in capsys.readouterr().out
