"""The four roles, the database and its default rights: compared with what is there; the difference is made.

Nothing is locked for longer than a transaction, so that a pooler in between does not hurt; two processes may
do this at once (an advisory lock puts them in a queue).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from debitora.kit.postgres.credentials import USERS, Credentials, RoleName
from debitora.kit.postgres.errors import PasswordRefused, RolesNotAllowed, ServerTooOld
from debitora.kit.postgres.server import Server

Connection = psycopg.Connection[Any]

OWNER, APP, DISPATCHER, CHECKER = USERS["owner"], USERS["app"], USERS["dispatcher"], USERS["checker"]
READ_ONLY = "default_transaction_read_only=on"
LOCK = 0x4465_6269  # any number that is ours: "Debi"


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a role may do beside its grants."""

    login: bool = True
    superuser: bool = False
    bypassrls: bool = False
    createdb: bool = False
    read_only: bool = False


# The owner of forced tables needs BYPASSRLS: without it a migration changes no row, and a foreign key is declared
# valid over rows that it never saw. CREATEDB lets it make the database, also where the administrator may not act as
# the owner.
WANTED: Mapping[str, Attributes] = {
    OWNER: Attributes(bypassrls=True, createdb=True),
    APP: Attributes(),
    DISPATCHER: Attributes(),
    CHECKER: Attributes(bypassrls=True, read_only=True),
}

RIGHTS = f"""
revoke all on schema public from public;
alter schema public owner to {OWNER};
grant usage on schema public to {APP}, {DISPATCHER}, {CHECKER};
alter default privileges for role {OWNER} revoke execute on functions from public;
alter default privileges for role {OWNER} in schema public grant select, insert, update, delete on tables to {APP};
alter default privileges for role {OWNER} in schema public grant usage on sequences to {APP};
alter default privileges for role {OWNER} in schema public grant execute on functions to {APP};
alter default privileges for role {OWNER} in schema public grant select on tables to {CHECKER};
"""

# One line per right, in the same words as RIGHTS_WANTED. Object types: r tables, S sequences, f functions.
RIGHTS_FOUND = f"""
select format('schema owner %s', nspowner::regrole) from pg_namespace where nspname = 'public'
union all
select format('schema %s %s', case grantee when 0 then 'public' else grantee::regrole::text end, privilege_type)
  from pg_namespace, aclexplode(nspacl) where nspname = 'public' and grantee <> nspowner
union all
select format('%s %s %s %s', case defaclnamespace when 0 then 'all' else 'public' end, defaclobjtype,
              case grantee when 0 then 'public' else grantee::regrole::text end, privilege_type)
  from pg_default_acl, aclexplode(defaclacl) where defaclrole = '{OWNER}'::regrole
"""  # noqa: S608 - our own constants
RIGHTS_WANTED = frozenset(
    {
        f"schema owner {OWNER}",
        *(f"schema {role} USAGE" for role in (APP, DISPATCHER, CHECKER)),
        f"all f {OWNER} EXECUTE",  # the public's right to execute is gone when only the owner's own is left
        *(f"public r {APP} {right}" for right in ("SELECT", "INSERT", "UPDATE", "DELETE")),
        f"public S {APP} USAGE",
        f"public f {APP} EXECUTE",
        f"public r {CHECKER} SELECT",
    }
)


def ensure_roles_and_database(server: Server, database_name: str) -> None:
    """This will make roles, database and default rights as far as they are missing or wrong; safe to repeat.

    Raises RolesNotAllowed with the SQL to run, when the administrator's account may not make them;
    PasswordRefused, when a role exists on an external server with another password than ours; ServerTooOld,
    when the database is not in UTF-8.
    """
    admin = server.credentials("superuser", server.maintenance)
    with _connected(admin) as connection:
        _administer(server, connection, lambda: _missing_roles(server, connection))
        _ensure_passwords(server, connection)
        _ensure_database(server, connection, database_name)
    with _connected(server.credentials("owner", database_name)) as connection, connection.transaction():
        _queue_up(connection)
        if not _rights_hold(connection):
            connection.execute(RIGHTS)


def _administer(server: Server, connection: Connection, find: Callable[[], list[str]]) -> None:
    """This will run the statements that `find` gives, all or none. Raises RolesNotAllowed with all of them."""
    if not find():
        return
    with connection.transaction():
        _queue_up(connection)
        statements = find()  # another process may have done it meanwhile
        try:
            for statement in statements:
                connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege as refused:
            user = connection.info.user
            raise RolesNotAllowed(user, str(refused).splitlines()[0], "\n".join(statements)) from refused


def _missing_roles(server: Server, connection: Connection) -> list[str]:
    """The statements that bring the roles into the wanted state; none when all is well."""
    found = {
        name: Attributes(login, superuser, bypass, createdb, READ_ONLY in config)
        for name, login, superuser, bypass, createdb, config in connection.execute(
            "select rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, coalesce(rolconfig, '{}') from pg_roles"
            " where rolname = any(%s)",
            [list(WANTED)],
        )
    }
    statements: list[str] = []
    for role, user in USERS.items():
        if user not in found:
            statements.append(f"create role {user} login password '{_verifier(server, connection, role)}';")
        statements += _corrections(user, found.get(user, Attributes()), WANTED[user])
    return statements


def _corrections(user: str, found: Attributes, wanted: Attributes) -> list[str]:
    """Only what differs is named, because naming an attribute already asks for the right to change it."""
    words = [
        name if getattr(wanted, name) else f"no{name}"
        for name in ("login", "superuser", "bypassrls", "createdb")
        if getattr(wanted, name) != getattr(found, name)
    ]
    statements = [f"alter role {user} {' '.join(words)};"] if words else []
    if wanted.read_only and not found.read_only:
        statements.append(f"alter role {user} set default_transaction_read_only = on;")
    return statements


def _verifier(server: Server, connection: Connection, role: RoleName) -> str:
    """The SCRAM verifier of a role's password: what the server stores, and fit for logs and messages, since
    nobody can log in with it."""
    password = server.credentials(role).password
    return connection.pgconn.encrypt_password(
        password.encode(), USERS[role].encode(), b"scram-sha-256"
    ).decode()


def _ensure_passwords(server: Server, connection: Connection) -> None:
    """Our own server takes the passwords of `roles.json`, also after that file was lost. On another server a
    role with another password belongs to an installation that we must not lock out. Ours got all passwords at
    once, so there the owner's speaks for all and spares three logins at every start."""
    if server.ours and _refusal(server.credentials("owner", server.maintenance)) is None:
        return
    for role in USERS:
        problem = _refusal(server.credentials(role, server.maintenance))
        if problem is None:
            continue
        if not server.ours:
            raise PasswordRefused(
                f"{USERS[role]} exists on the server, but does not take the password in {server.home / 'roles.json'}. "
                "Copy that file from the machine that made the roles, or give the role this password:\n\n"
                f"alter role {USERS[role]} login password '{_verifier(server, connection, role)}';\n\n{problem}"
            )
        connection.execute(
            sql.SQL("alter role {} password {}").format(
                sql.Identifier(USERS[role]), sql.Literal(_verifier(server, connection, role))
            )
        )


def _refusal(credentials: Credentials) -> str | None:
    try:
        _connected(credentials).close()
    except psycopg.OperationalError as refused:
        return str(refused)
    return None


def _ensure_database(server: Server, connection: Connection, name: str) -> None:
    found = _database(connection, name)
    if found is None:
        _create_database(server, name)
        found = _database(connection, name)
    owner, encoding = found or (OWNER, "UTF8")
    if encoding != "UTF8":
        raise ServerTooOld(
            f"The database {name} is encoded in {encoding}; Debitora needs UTF8. Name another database."
        )
    if owner != OWNER:
        statement = sql.SQL("alter database {} owner to {};").format(
            sql.Identifier(name), sql.Identifier(OWNER)
        )
        _administer(server, connection, lambda: [statement.as_string(connection)])


def _database(connection: Connection, name: str) -> tuple[str, str] | None:
    """(owner, encoding) of a database, or None when there is none."""
    found: tuple[str, str] | None = connection.execute(
        "select datdba::regrole::text, pg_encoding_to_char(encoding) from pg_database where datname = %s",
        [name],
    ).fetchone()
    return found


def _create_database(server: Server, name: str) -> None:
    """As the owner, so that it owns it; template0 is the one that may be copied into any encoding."""
    statement = sql.SQL("create database {} template template0 encoding 'UTF8'").format(sql.Identifier(name))
    with _connected(server.credentials("owner", server.maintenance)) as connection:
        try:
            connection.execute(statement)
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return  # another process was faster


def _rights_hold(connection: Connection) -> bool:
    found = {line for (line,) in connection.execute(sql.SQL(RIGHTS_FOUND))}
    to_everybody = {line for line in found if line.split()[-2] == "public"}
    return found >= RIGHTS_WANTED and not to_everybody


def _queue_up(connection: Connection) -> None:
    """One process at a time, until the end of the transaction."""
    connection.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def _connected(credentials: Credentials) -> Connection:
    return psycopg.connect(**{"connect_timeout": 10, **credentials.kwargs()}, autocommit=True)
