"""Ref: a reference within one company. The database holds it as a composite key, which Django cannot declare."""

from __future__ import annotations

from typing import Any

from django.db import models


class Ref(models.ForeignKey[Any, Any]):
    """A foreign key whose constraint is (company_id, this) -> (company_id, id), added by `walls.company_table`."""

    def __init__(self, to: Any, **options: Any) -> None:
        options.setdefault("on_delete", models.DO_NOTHING)
        options.setdefault("db_constraint", False)
        options.setdefault("db_index", False)
        options.setdefault("related_name", "+")
        super().__init__(to, **options)
