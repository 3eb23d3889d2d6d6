"""What a domain publishes so that others believe its mails: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489)."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final

Texts = Callable[[str], tuple[str, ...]]
"""The texts published at a name."""

COMMON_SELECTORS: Final = ("default", "dkim", "mail", "s1", "k1", "google", "selector1")
"""Where a key is looked for if nobody has named its selector."""
_RESERVED: Final = ("example", "invalid", "localhost", "test")
"""Domains that nobody can publish anything for (RFC 2606)."""
_SELECTOR: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")


class Proof(StrEnum):
    """One kind of record."""

    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"


def missing_proofs(domain: str, texts: Texts, *, selector: str = "") -> tuple[Proof, ...]:
    """The proofs that a domain in ASCII does not publish. Passes on what `texts` raises."""
    found = {
        Proof.SPF: _any(texts(domain), "v=spf1"),
        Proof.DKIM: any(_has_key(texts(f"{one}._domainkey.{domain}")) for one in _selectors(selector)),
        Proof.DMARC: any(_any(texts(f"_dmarc.{one}"), "v=dmarc1") for one in _upwards(domain)),
    }
    return tuple(proof for proof, there in found.items() if not there)


def can_publish(domain: str) -> bool:
    """Whether the domain is one for which anybody could publish something; those of examples and tests are not."""
    return domain.rpartition(".")[2].lower() not in _RESERVED


def is_selector(text: str) -> bool:
    """Whether it can be the name of a DKIM key."""
    return _SELECTOR.fullmatch(text.lower()) is not None


def _selectors(selector: str) -> tuple[str, ...]:
    return (selector,) if selector else COMMON_SELECTORS


def _upwards(domain: str) -> list[str]:
    """The domain and those above it but the last: a policy of the organisation counts for all below."""
    labels = domain.split(".")
    return [".".join(labels[place:]) for place in range(max(1, len(labels) - 1))]


def _any(texts: tuple[str, ...], begins: str) -> bool:
    return any(text.lower().replace(" ", "").startswith(begins) for text in texts)


def _has_key(texts: tuple[str, ...]) -> bool:
    """A key that was not withdrawn: an empty p= is one that was."""
    return any(re.search(r"(?:^|;)\s*p=\s*[A-Za-z0-9+/]", text) for text in texts)
