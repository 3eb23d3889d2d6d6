"""The strategies that Debitora ships with, as readable files in `dunning/presets`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from debitora.dunning.rules.policy import DebtorKind, Policy
from debitora.dunning.rules.policy_file import read


class NoSuchPreset(Exception):
    """No file of that name is shipped, or it cannot be read as a policy; the text names it."""


def names() -> list[str]:
    """The names of all presets, sorted: `de-business`, `de-consumer`."""
    shipped = files("debitora.dunning") / "presets"
    return sorted(
        entry.name.removesuffix(".yaml") for entry in shipped.iterdir() if entry.name.endswith(".yaml")
    )


def text(name: str) -> str:
    """The file of a preset with its comments. Raises NoSuchPreset."""
    if name not in names():
        raise NoSuchPreset(name)
    return (files("debitora.dunning") / "presets" / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def preset(name: str) -> Policy:
    """A shipped policy. Raises NoSuchPreset."""
    policy, faults = read(text(name))
    if policy is None:
        raise NoSuchPreset(f"{name}: {faults}")
    return policy


def preset_for(country: str, debtor: DebtorKind) -> Policy | None:
    """The shipped policy for the country and kind of debtor; None if none is shipped."""
    name = f"{country.lower()}-{debtor.value}"
    return preset(name) if name in names() else None
