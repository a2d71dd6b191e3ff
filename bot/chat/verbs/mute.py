"""``mute TARGET DUR [reason]``: first what it would have hidden, then the deed."""

from bot.cards.actions import Action
from bot.chat.allowed import check_allowed
from bot.chat.answer import Answer, Button
from bot.chat.ask import Ask
from bot.chat.muting import confirmed_text, mute_asked, show_on_card
from bot.chat.permissions import Act
from bot.clock import to_ms
from bot.store.mutes import Mute

_PAST_MS = 30 * 86_400_000
_NAMED = 10


def mute(ask: Ask) -> Answer:
    """A preview of what the last 30 days would have lost; what is confirmed holds at once."""
    check_allowed(ask, Act.MUTE)
    wanted = mute_asked(ask)
    if not ask.command.confirmed:
        return _preview(ask, wanted)
    with ask.store.writing():
        number = ask.store.circumstances.mute(wanted)
        why = f": {wanted.why}" if wanted.why else ""
        told = f"{wanted.target} is muted until {ask.time(wanted.until)}{why}"
        show_on_card(ask, wanted)
        ask.note("mute", told)
    return Answer(
        headline=told,
        lines=(f"By {wanted.by}, mute {number}.  It ends by itself; what it holds back stays in "
               "history (is:muted).",),
        buttons=(Button(label="Unmute", command=f"unmute {number}"),
                 Button(label="All mutes", command="mutes")),
    )  # fmt: skip


def _preview(ask: Ask, wanted: Mute) -> Answer:
    now = to_ms(ask.now)
    held = ask.store.circumstances.would_have_held(wanted, now - _PAST_MS, now)
    named = ", ".join(f"#{number}" for number in held[:_NAMED])
    more = f" and {len(held) - _NAMED} more" if len(held) > _NAMED else ""
    count = f"{len(held)} alert{'s' * (len(held) != 1)}" if held else "no alert"
    lines = [f"It would have hidden {count} of the last 30 days{': ' * bool(held)}{named}{more}"]
    rules = {rule.id: rule for rule in ask.wired.rules()}
    if wanted.rule is not None and wanted.rule not in rules:
        lines.append(f"No rule is called {wanted.rule}: look at {ask.line('rules')}")
    elif wanted.rule is not None and not rules[wanted.rule].enabled:
        lines.append(f"The rule {wanted.rule} is off: it tells nothing anyway")
    if wanted.why:
        lines.append(f"Reason: {wanted.why}")
    return Answer(
        headline=f"Mute {wanted.target} until {ask.time(wanted.until)}?",
        lines=tuple(lines),
        buttons=(
            Button(
                label="Mute",
                command=confirmed_text(ask.command),
                action=Action.CONFIRM,
                danger=True,
            ),
            Button(label="Cancel", command=ask.command.canonical, action=Action.CANCEL),
        ),
    )
