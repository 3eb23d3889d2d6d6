"""DatabaseWrapper: PostgreSQL as this process's role, with `app.company` set at the start of every transaction.

ATOMIC_REQUESTS begins after all middleware, so no middleware could set it; every outermost `atomic()` passes here.
"""

from __future__ import annotations

import os
from typing import Any, cast

import psycopg
from django.db.backends.postgresql import base

from debitora.kit.pg.cluster import credentials, server
from debitora.kit.pg.company import current_company, tell_company
from debitora.kit.postgres import RoleName

_bound: dict[str, str] = {}


def bound_statements(*, seconds: int) -> None:
    """From the next connection on, no statement of this process may run longer: what somebody searches for holds nobody up for ever."""
    _bound["options"] = f"-c statement_timeout={seconds}s"


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend named by ENGINE = "debitora.kit.pg"."""

    def get_connection_params(self) -> dict[str, Any]:
        """Credentials of DEBITORA_ROLE (app, else owner, dispatcher, checker), starting the own server when needed."""
        settings = credentials(
            cast(RoleName, os.environ.get("DEBITORA_ROLE", "app")), str(self.settings_dict["NAME"])
        )
        self.settings_dict.update(settings)
        found: dict[str, Any] = super().get_connection_params()
        return found | _bound

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; if our own server was killed meanwhile, it is started again first."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            server().revive()
            return super().get_new_connection(self.get_connection_params())

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # Django has it, the stubs do not
        if not autocommit:
            with self.connection.cursor() as cursor:
                tell_company(cursor, current_company.get())
