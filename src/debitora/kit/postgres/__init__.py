"""Debitora's PostgreSQL: a server of its own below DEBITORA_HOME, or one that an address names.

    from debitora.kit.postgres import database

    server = database(home, url)             # url None: our own server, started when needed
    server.credentials("app").kwargs()       # for psycopg.connect, or .url() for whoever wants an address

Settings call this, so nothing in the package imports Django. docs/howto/database.md tells the same to an
operator.
"""

from debitora.kit.postgres.credentials import Credentials, RoleName
from debitora.kit.postgres.entering import database, database_name, serve
from debitora.kit.postgres.errors import DatabaseProblem
from debitora.kit.postgres.roles import ensure_roles_and_database
from debitora.kit.postgres.server import Server

__all__ = [
    "Credentials",
    "DatabaseProblem",
    "RoleName",
    "Server",
    "database",
    "database_name",
    "ensure_roles_and_database",
    "serve",
]
