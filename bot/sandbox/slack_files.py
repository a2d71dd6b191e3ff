"""Files of the local Slack: uploaded in three steps, shown to those who look."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any

from bot.sandbox.slack_content import SlackRefusal, decoded
from bot.sandbox.slack_people import BOT_USER, Json

if TYPE_CHECKING:
    from bot.sandbox.slack_workspace import Workspace

_KINDS = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "csv": "text/csv",
          "json": "application/json"}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class File:
    """A file on its way: announced, uploaded (``body``), complete (it may be shown)."""

    id: str
    name: str
    size: int
    body: bytes | None = None
    title: str = ""
    is_complete: bool = False
    channels: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Its media type, by the ending of its name."""
        return _KINDS.get(self.name.rpartition(".")[2].lower(), "text/plain")


class Files:
    """By id.  Source: docs.slack.dev, Working with files."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._ids = itertools.count(1)
        self._files: dict[str, File] = {}

    def methods(self) -> dict[str, Callable[[Mapping[str, Any]], Json]]:
        return {
            "files.getUploadURLExternal": self._announce,
            "files.completeUploadExternal": self._complete,
            "files.info": lambda given: {"file": self.told(self._file(given.get("file")))},
        }

    def _announce(self, given: Mapping[str, Any]) -> Json:
        name, size = str(given.get("filename") or ""), str(given.get("length") or "")
        if not name or not size.isdigit() or size == "0":
            raise SlackRefusal("invalid_arguments")
        file = File(id=f"F{next(self._ids):010d}", name=name, size=int(size), title=name)
        self._files[file.id] = file
        return {"upload_url": f"{self._workspace.url}/upload/v1/{file.id}", "file_id": file.id}

    def upload(self, file_id: str, kind: str, body: bytes) -> str:
        """Take the bytes of a file, bare or in a form; what is answered."""
        file = self._file(file_id)
        file.body = _in_a_form(kind, body) if kind.startswith("multipart/") else body
        if len(file.body) != file.size:
            raise SlackRefusal("file_size_mismatch")
        return f"OK - {len(file.body)}"

    def _complete(self, given: Mapping[str, Any]) -> Json:
        wanted = decoded(given.get("files"))
        if not isinstance(wanted, list) or not wanted:
            raise SlackRefusal("invalid_arguments")
        files = [self._file(each.get("id")) for each in wanted]
        for file, each in zip(files, wanted, strict=True):
            if file.body is None:
                raise SlackRefusal("file_not_found")
            file.title, file.is_complete = str(each.get("title") or file.name), True
        if given.get("channel_id"):
            self._share(files, given)
        return {"files": [self.told(file) for file in files]}

    def _share(self, files: list[File], given: Mapping[str, Any]) -> None:
        """A message that shows them."""
        comment = str(given.get("initial_comment") or "")
        text = comment or ", ".join(file.title for file in files)
        place = {"channel": given["channel_id"], "thread_ts": given.get("thread_ts")}
        posted = self._workspace.post({"text": text, **place})
        posted["message"]["text"] = comment
        posted["message"]["files"] = [self.told(file) for file in files]
        for file in files:
            file.channels.append(posted["channel"])

    def _file(self, file_id: object) -> File:
        try:
            return self._files[str(file_id)]
        except KeyError:
            raise SlackRefusal("file_not_found") from None

    def shown(self, file_id: str) -> File | None:
        """A file that may be shown; None where there is none."""
        file = self._files.get(file_id)
        return file if file is not None and file.is_complete else None

    def told(self, file: File) -> Json:
        url = f"{self._workspace.url}/files-pri/{file.id}/{file.name}"
        return {
            "id": file.id, "name": file.name, "title": file.title, "mimetype": file.kind,
            "filetype": file.name.rpartition(".")[2], "size": file.size, "user": BOT_USER,
            "url_private": url, "permalink": url, "channels": list(file.channels),
        }  # fmt: skip

    def check_images(self, blocks: list[Json]) -> None:
        """SlackRefusal where a block shows a file that is not there, or not complete."""
        for place, block in enumerate(blocks):
            if block.get("type") == "image" and "slack_file" in block:
                named = block["slack_file"]
                ident = named.get("id") or str(named.get("url")).rpartition("/files-pri/")[2]
                if self.shown(str(ident).split("/")[0]) is None:
                    told = f"[ERROR] invalid slack file [json-pointer:/blocks/{place}/slack_file]"
                    raise SlackRefusal("invalid_blocks", response_metadata={"messages": [told]})


def _in_a_form(kind: str, body: bytes) -> bytes:
    """The first file of a multipart form."""
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + body)
    part = next(iter(form.iter_parts()), None)
    held = part.get_payload(decode=True) if part is not None else b""
    return held if isinstance(held, bytes) else json.dumps(held).encode()
