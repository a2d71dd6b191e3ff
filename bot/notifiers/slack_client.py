"""slack_sdk's client as writes need it: one try, our own way out, silence in the log.

Loaded only when there is something to send: slack_sdk takes its time to import.
"""

import logging
import math
from typing import Any
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.notifiers.transport import opener_for

__all__ = ["SlackApiError", "WriteClient"]


class WriteClient(WebClient):
    """Sends each request once.

    The client's own retries would post twice when an answer is lost; it obeys proxies even for
    loopback, follows redirects with the token, and leaves answers open.
    """

    def __init__(self, *, token: str, api_url: str, timeout_s: float) -> None:
        super().__init__(
            token=token,
            base_url=api_url,
            timeout=math.ceil(timeout_s),
            retry_handlers=[],
            logger=logging.Logger("slack_sdk", logging.CRITICAL + 1),
        )
        self._timeout_s = timeout_s
        self._opener = opener_for(api_url)

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        del url  # stands in the request
        with self._opener.open(req, timeout=self._timeout_s) as answer:
            charset = answer.headers.get_content_charset() or "utf-8"
            body = answer.read().decode(charset)
            return {"status": answer.status, "headers": answer.headers, "body": body}
