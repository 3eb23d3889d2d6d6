"""The one speaker of IMAP (RFC 3501, RFC 6851): mails of one folder by their unique ids, and out of the way when they are taken.

Nothing is marked as read by looking at it (BODY.PEEK). Whatever goes wrong is one exception with a code.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Any, Final, Self

PATIENCE: Final = 30.0
"""Seconds that a server may be silent."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE: Final = re.compile(rb"UID (\d+)[^)]*RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)[^)]*UID (\d+)")
_AT_ONCE: Final = 500


class MailboxFailed(Exception):
    """The mailbox cannot be read: `code` is unreachable, timeout, cut, insecure, no_login, no_folder or refused."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(f"{code}: {words}"[:300])
        self.code, self.words = code, words[:300]


@dataclass(frozen=True, slots=True)
class ImapServer:
    """Where a mailbox is, and how one gets in; `security`: tls, starttls or none."""

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail of the folder: its unique id, and how many bytes it has."""

    uid: int
    size: int


class ImapFolder:
    """A folder that is open while the block lasts; `validity` is the value under which its unique ids count, `count` its mails."""

    def __init__(self, server: ImapServer, *, patience: float = PATIENCE) -> None:
        self._server, self._patience = server, patience
        self.validity, self.count = 0, 0
        self._moves = False

    def __enter__(self) -> Self:
        """Connect, sign in, open the folder. Raises MailboxFailed."""
        self._imap = _asked(self._connected)
        try:
            self._sign_in()
            self._select()
        except MailboxFailed:
            self._imap.shutdown()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave; what the server says to that changes nothing."""
        try:
            self._imap.logout()
        except (OSError, imaplib.IMAP4.error):
            self._imap.shutdown()

    def waiting(self, *, after: int, since: date, most: int) -> list[Waiting]:
        """Mails behind a unique id that came in since a day, in the order of their ids, at most so many."""
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        found = self._uid("SEARCH", "UID", f"{after + 1}:*", "SINCE", day)
        uids = sorted(int(uid) for uid in b" ".join(one for one in found if one).split())
        wanted = [uid for uid in uids if uid > after][:most]  # "n:*" names the last mail too, whatever its id
        sizes: dict[int, int] = {}
        for begin in range(0, len(wanted), _AT_ONCE):
            some = ",".join(str(uid) for uid in wanted[begin : begin + _AT_ONCE])
            for line in self._uid("FETCH", some, "(UID RFC822.SIZE)"):
                if isinstance(line, bytes) and (size := _SIZE.search(line)):
                    uid, said = (size[1], size[2]) if size[1] else (size[4], size[3])
                    sizes[int(uid)] = int(said)
        return [Waiting(uid, sizes[uid]) for uid in wanted if uid in sizes]

    def bytes_of(self, uid: int, *, most: int | None = None) -> bytes | None:
        """A mail's bytes, or how it begins; None: somebody has taken it away."""
        part = "" if most is None else f"<0.{most}>"
        for line in self._uid("FETCH", str(uid), f"(BODY.PEEK[]{part})"):
            if isinstance(line, tuple):
                return bytes(line[1])
        return None

    def put_away(self, uid: int, *, folder: str = "") -> None:
        """Mark a mail as read, and move it into another folder where one is named."""
        self._uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
        if not folder:
            return
        if self._moves:
            self._uid("MOVE", str(uid), _quoted(folder))
        else:
            self._uid("COPY", str(uid), _quoted(folder))
            self._uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")

    def _connected(self) -> imaplib.IMAP4:
        server, context = self._server, ssl.create_default_context()
        if server.security == "tls":
            return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=self._patience)
        imap = imaplib.IMAP4(server.host, server.port, timeout=self._patience)
        if server.security == "starttls":
            if "STARTTLS" not in imap.capabilities:
                imap.shutdown()
                raise MailboxFailed("insecure")
            imap.starttls(ssl_context=context)
        return imap

    def _sign_in(self) -> None:
        try:
            _asked(lambda: self._imap.login(self._server.user, self._server.password))
        except MailboxFailed as failed:
            raise MailboxFailed(
                "no_login" if failed.code == "refused" else failed.code, failed.words
            ) from None
        _status, said = _asked(self._imap.capability)  # more is told after signing in
        self._moves = "MOVE" in _text(said).upper().split()

    def _select(self) -> None:
        status, said = _asked(lambda: self._imap.select(_quoted(self._server.folder)))
        if status != "OK":
            raise MailboxFailed("no_folder", _text(said))
        self.count = int(said[0] or 0)
        _status, validity = self._imap.response("UIDVALIDITY")
        self.validity = int(validity[0] or 0) if validity else 0

    def _uid(self, command: str, *arguments: str) -> list[Any]:
        status, said = _asked(lambda: self._imap.uid(command, *arguments))
        if status != "OK":
            raise MailboxFailed("refused", _text(said))
        return list(said)


def _asked(ask: Any) -> Any:
    """The answer to one command. Raises MailboxFailed."""
    try:
        return ask()
    except ssl.SSLError as problem:
        raise MailboxFailed("insecure", str(problem)) from None
    except TimeoutError:
        raise MailboxFailed("timeout") from None
    except imaplib.IMAP4.abort as problem:
        raise MailboxFailed("cut", str(problem)) from None
    except imaplib.IMAP4.error as problem:
        raise MailboxFailed("refused", _text(problem.args)) from None
    except (ConnectionResetError, BrokenPipeError):
        raise MailboxFailed("cut") from None
    except (OSError, UnicodeError) as problem:
        raise MailboxFailed("unreachable", str(problem)) from None


def _text(said: Any) -> str:
    pieces = [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in said if one]
    return " ".join(pieces)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
