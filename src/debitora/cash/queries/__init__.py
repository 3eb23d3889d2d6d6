"""Reads of cash: what an account has, how a statement fits to it, and what pages show of both."""

from debitora.cash.queries.fitting import (
    amounts_of,
    held_statements,
    known_movements,
    outline_of,
    span_of,
    statement_sql,
    statements_of,
    stretch_of,
    told_apart,
    twins_of,
)
from debitora.cash.queries.matching import ignored_lines
from debitora.cash.queries.statements import waiting_statements

__all__ = [
    "amounts_of",
    "held_statements",
    "ignored_lines",
    "known_movements",
    "outline_of",
    "span_of",
    "statement_sql",
    "statements_of",
    "stretch_of",
    "told_apart",
    "twins_of",
    "waiting_statements",
]
