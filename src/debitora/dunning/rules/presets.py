"""The strategies that Debitora ships with, as readable files in `dunning/presets`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from debitora.dunning.rules.policy import DebtorKind, Policy
from debitora.dunning.rules.policy_file import read

FALLBACK: Final = "EU"
"""The country of the presets for countries that have none; their names say that they are to be checked before use."""

_OFFER: Final = "#+"
"""Begins a line of a file that claims more, once the mark is taken away."""


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
    return _understood(name, text(name))


def with_claims(name: str) -> Policy:
    """A shipped policy with all that its file offers to claim, each offer behind `#+`. Raises NoSuchPreset."""
    return _understood(name, text(name).replace(_OFFER, ""))


def preset_for(country: str, debtor: DebtorKind) -> Policy:
    """The shipped policy for the country and kind of debtor, else that of the fallback."""
    name = f"{country.lower()}-{debtor.value}"
    return preset(name if name in names() else f"{FALLBACK.lower()}-{debtor.value}")


def offered(country: str) -> list[str]:
    """The names of all presets, those of the country first, the fallback last."""
    own, last = f"{country.lower()}-", f"{FALLBACK.lower()}-"
    return sorted(names(), key=lambda name: (not name.startswith(own), name.startswith(last), name))


def _understood(name: str, written: str) -> Policy:
    policy, faults = read(written)
    if policy is None:
        raise NoSuchPreset(f"{name}: {faults}")
    return policy
