"""A mail server that delivers to a folder and to nobody else: where the demo's notices arrive.

It listens on 127.0.0.1 only and keeps each accepted message as one .eml file, the bytes as they came below two lines
that a delivering server adds: `Return-Path` and `X-Envelope-To`. Files are numbered in order of arrival; a catcher that
is started again on the same folder goes on counting and loses nothing.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Final, Self, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST: Final = "127.0.0.1"
_START_SECONDS: Final = 10
_ENVELOPE: Final = re.compile(rb"Return-Path: <(.*)>\r\nX-Envelope-To: (.*)\r\n")


class CatcherDidNotStart(RuntimeError):
    """The port is taken, or the machine gave no answer within ten seconds."""


@dataclass(frozen=True, slots=True)
class Caught:
    """One accepted message: its file, its envelope, and what stands in its head."""

    path: Path
    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    size: int

    def message(self) -> EmailMessage:
        """Return the message parsed, attachments included."""
        return _parsed(self.path.read_bytes())


@dataclass(frozen=True, slots=True)
class Summary:
    """What arrived: how many messages, and how many per recipient and per subject, the most frequent first."""

    count: int
    recipients: Mapping[str, int]
    subjects: Mapping[str, int]


class MailCatcher:
    """An SMTP server in a thread of its own, for the length of a `with` block.

    `port` 0 takes a free one; `catcher.port` says which. Raises CatcherDidNotStart.
    """

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self.folder = folder
        self.port = port
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="mail-catcher", daemon=True)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        starting = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        try:
            self.port = starting.result(timeout=_START_SECONDS)
        except (OSError, TimeoutError) as fault:
            self._end()
            raise CatcherDidNotStart(f"{HOST}:{self.port}: {fault}") from fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(timeout=_START_SECONDS)
        self._end()

    def messages(self) -> tuple[Caught, ...]:
        """Return all messages in the folder, in order of arrival."""
        return messages(self.folder)

    async def _listen(self) -> int:
        handler = _Folder(self.folder)
        self._server = await self._loop.create_server(lambda: _protocol(handler, self._loop), HOST, self.port)
        return cast(int, self._server.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for conversation in others:
            conversation.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def messages(folder: Path) -> tuple[Caught, ...]:
    """Return the messages kept in a folder, in order of arrival; an absent folder holds none."""
    return tuple(_caught(path) for path in sorted(folder.glob("*.eml")))


def summary(caught: tuple[Caught, ...]) -> Summary:
    """Return the counts that `debitora demo` prints."""
    recipients = Counter(address for mail in caught for address in mail.recipients)
    subjects = Counter(mail.subject for mail in caught)
    return Summary(len(caught), dict(recipients.most_common()), dict(subjects.most_common()))


class _Folder:
    """What aiosmtpd calls when a message is complete: keep it, then say so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last = max((int(path.stem) for path in folder.glob("[0-9]*.eml")), default=0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self._last += 1
        name = f"{self._last:08d}"
        head = f"Return-Path: <{envelope.mail_from}>\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        unfinished = self._folder / f"{name}.part"
        unfinished.write_bytes(head.encode() + cast(bytes, envelope.original_content))
        unfinished.rename(self._folder / f"{name}.eml")
        return f"250 kept as {name}"


def _protocol(handler: _Folder, loop: asyncio.AbstractEventLoop) -> SMTP:
    return SMTP(handler, hostname="mail-catcher.test", enable_SMTPUTF8=True, loop=loop)


def _caught(path: Path) -> Caught:
    data = path.read_bytes()
    head = _ENVELOPE.match(data)
    sender, recipients = (part.decode() for part in head.groups()) if head else ("", "")
    message = _parsed(data)
    return Caught(
        path=path,
        sender=sender,
        recipients=tuple(recipients.split(", ")) if recipients else (),
        subject=str(message["Subject"] or ""),
        message_id=str(message["Message-ID"] or ""),
        size=len(data) - (head.end() if head else 0),
    )


def _parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)
