"""Wires the bot that is asked in Slack: its socket, its conversations and its desk."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING
from zlib import crc32

import structlog
from structlog.typing import FilteringBoundLogger

from bot.cards import Card
from bot.cards import Line as CardLine
from bot.chat.answer import File
from bot.chat.answer_slack import slack_answer
from bot.chat.slack_conversation import Conversation
from bot.chat.slack_form import said_at_once
from bot.chat.slack_home import Home
from bot.chat.slack_modals import Modals
from bot.chat.slack_payloads import opens_form
from bot.chat.slack_people import People
from bot.chat.slack_replies import Replies
from bot.chat.slack_socket import Ear, SlackSocket
from bot.chat_desk import desk_of
from bot.clock import Clock, monotonic, to_ms
from bot.config import Config
from bot.config.settings import Slack
from bot.errors import ConfigError
from bot.notifiers.slack_answers import CREDENTIALS, why_of
from bot.notifiers.slack_files import send_to
from bot.notifiers.transport import check_address
from bot.rules.model import Rule, Severity
from bot.store import NewMessage, Store, Trouble

if TYPE_CHECKING:
    from bot.notifiers.slack_client import WriteClient

_LOST = -(10**15)
"""Numbers of messages to operators about chat lie below it."""
_TEST_TOKEN_EVERY = timedelta(minutes=5)
_TIMEOUT_S = 10.0


class SlackDesk:
    """Listens, answers, and notices when it no longer can.

    rules, refused: as the running bot has them.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        *,
        bot_token: str,
        app_token: str,
        rules: Callable[[], Sequence[Rule]],
        refused: Callable[[], Iterable[str]],
        clock: Clock,
    ) -> None:
        api_url = config.slack.api_url
        self._store, self._clock, self._ops = store, clock, config.alerts.ops_channel
        self._url: str | None = None
        self._next_test, self._refusal = float("-inf"), ""
        self._log: FilteringBoundLogger = structlog.get_logger()

        @cache
        def client() -> "WriteClient":
            from bot.notifiers.slack_client import WriteClient

            return WriteClient(token=bot_token, api_url=api_url, timeout_s=_TIMEOUT_S)

        self._client = client
        people = People(client)
        desk = desk_of(
            config, store, rules=rules, refused=refused, clock=clock, permalink=self._permalink,
            members=people.members, name_of=people.name_of,
        )  # fmt: skip
        conversation = Conversation(
            people,
            Replies(client, clock=clock),
            Home(client, answer=desk.answer, written=slack_answer),
            Modals(client, rules=lambda: [rule.id for rule in rules()]),
            answer=desk.answer,
            click=desk.click,
            written=slack_answer,
            knows_ticker=store.history.knows_ticker,
            once=lambda event: store.chat.once(event, at=to_ms(clock())),
            send=self._send,
            api_url=api_url,
            clock=clock,
        )
        self._socket = SlackSocket(
            app_token=app_token,
            api_url=api_url,
            handle=conversation.handle,
            tell=self._tell,
            said=lambda envelope: said_at_once(envelope, now=clock()),
            urgent=opens_form,
        )

    def look(self) -> None:
        """Listen, and see whether answers can be posted; to be called every few seconds."""
        self._socket.start()
        if monotonic() >= self._next_test:
            self._next_test = monotonic() + _TEST_TOKEN_EVERY.total_seconds()
            self._test_token()

    def ears(self) -> list[Ear]:
        """How the connections are."""
        return self._socket.ears()

    def hang_up(self) -> None:
        """End at once, from any thread."""
        self._socket.close()

    def _permalink(self, channel: str, ts: str) -> str | None:
        """The address of a message, once the workspace has told its own."""
        return f"{self._url}archives/{channel}/p{ts.replace('.', '')}" if self._url else None

    def _send(self, user: str, file: File) -> None:
        send_to(self._client(), user, name=file.name, body=file.body, title=file.title)

    def _test_token(self) -> None:
        """Whether answers can be posted at all; told once for each refusal."""
        try:
            told = self._client().auth_test()
        except Exception as error:  # the client lets anything through that a broken answer causes
            why = why_of(error)
            if why in CREDENTIALS and why != self._refusal:
                self._refusal = why
                self._log.error("chat.token_refused", code=why, mend=CREDENTIALS[why])
                self._tell(why, CREDENTIALS[why])
            return
        self._refusal, url = "", told.get("url")
        self._url = url if isinstance(url, str) and url.endswith("/") else None

    def _tell(self, code: str, mend: str) -> None:
        """To whoever looks at health, and to the operators."""
        what = f"The bot is not heard in Slack: {code}"
        trouble = Trouble(at=self._clock(), job="chat", trouble="refused", told=f"{what}; {mend}")
        self._store.collection.note(trouble)
        if self._ops is None:
            return
        now = to_ms(self._clock())
        card = Card(
            alert_id=_LOST - crc32(f"{code} {now}".encode()),
            rule="chat",
            severity=Severity.HIGH,
            headlines=(what,),
            lines=(CardLine(label="Mend", text=mend),),
        )
        message = NewMessage(
            message_id=card.alert_id, channel=self._ops, created_at=now, text=card.text,
            card=card.to_json(),
        )  # fmt: skip
        self._store.outbox.add([message])


def slack_desk_of(
    config: Config,
    store: Store,
    *,
    rules: Callable[[], Sequence[Rule]],
    refused: Callable[[], Iterable[str]],
    clock: Clock,
) -> SlackDesk | None:
    """None where the bot is not asked in Slack; ConfigError on tokens that can not be those."""
    slack = config.slack
    check_tokens(slack)
    if slack.bot_token is None or slack.app_token is None:
        return None
    check_address(slack.api_url, where="[slack] api_url")
    return SlackDesk(
        config, store, bot_token=slack.bot_token.reveal(), app_token=slack.app_token.reveal(),
        rules=rules, refused=refused, clock=clock,
    )  # fmt: skip


def check_tokens(slack: Slack) -> None:
    """ConfigError on tokens of another kind, swapped ones, and an app token that is alone."""
    from bot.notifiers.slack_check import check_token

    if slack.app_token is not None and slack.bot_token is None:
        mend = "set SLACK_BOT_TOKEN too: answers are posted with it"
        raise ConfigError("SLACK_APP_TOKEN stands alone", where="the environment", mend=mend)
    for token, variable, begins in (
        (slack.bot_token, "SLACK_BOT_TOKEN", "xoxb-"),
        (slack.app_token, "SLACK_APP_TOKEN", "xapp-"),
    ):
        wrong = token and check_token(token.reveal(), variable=variable, begins=begins)
        if wrong:
            raise ConfigError(wrong.told, where="the environment", mend=wrong.mend)
