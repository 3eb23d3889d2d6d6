"""Files of a home that only its owner may read, and two locks by which processes agree on the server."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def private_text(path: Path, invent: Callable[[], str]) -> str:
    """This will give the content of `path`, which the first caller makes by `invent`; only the owner may read it.

    Two processes may ask at once: the file appears complete or not at all, and all get the same text.
    """
    with suppress(FileNotFoundError):
        return path.read_text()
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = _open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(invent())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    return path.read_text()


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """This will hold an exclusive lock on `path` for the block: starting and stopping stand in one queue."""
    descriptor = _open(path, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Presence:
    """A shared lock that says "somebody uses the server", kept by the kernel: kill -9 gives it back.

    The lock belongs to the open file, which a forked child shares. So it is only ever closed, never unlocked:
    it is free when the last of parent and children has closed it or ended. Programs that are executed do not
    inherit it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = _open(path, os.O_RDWR | os.O_CREAT)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def end(self) -> None:
        """Ends the use by this process; safe to call twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def others(self) -> bool:
        """Whether anybody is still present. Ask after `end` and within `exclusively`: nobody slips in."""
        descriptor = _open(self._path, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)


def _open(path: Path, flags: int) -> int:
    """Opens a file as 0600, following no link. What root makes in a person's home becomes that person's."""
    descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    if flags & os.O_CREAT and os.geteuid() == 0:
        home = path.parent.stat()
        os.fchown(descriptor, home.st_uid, home.st_gid)
    return descriptor
