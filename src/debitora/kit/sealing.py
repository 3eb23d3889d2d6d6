"""Secrets that the database has to keep and must not know: sealed with a key derived from the installation's secret key.

A sealed text is `v1.KEY.DATA`: the way of sealing, which key (8 hex digits that tell nothing of it), and nonce and
ciphertext in base64url. v1 is AES-256-GCM (NIST SP 800-38D), its key from HKDF-SHA-256 (RFC 5869) over Django's
SECRET_KEY. What it is `about` is sealed along, so that a text moved to another row does not open. Not for much: nonces
are random, which is sound for 2^32 texts of one key.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

SEALED: Final = r"^v1\.[0-9a-f]{8}\.[A-Za-z0-9_=-]+$"
"""What a sealed text looks like, for constraints."""
_NONCE = 12


class CannotUnseal(Exception):
    """The text was sealed with a key that is not here, or changed since: what it held has to be entered again."""


def seal(text: str, *, about: str) -> str:
    """This will seal a text for what it is about ("sender.password/17"); equal texts give different answers."""
    nonce = os.urandom(_NONCE)
    secret = settings.SECRET_KEY
    data = nonce + AESGCM(_key(secret)).encrypt(nonce, text.encode(), about.encode())
    return f"v1.{_name(secret)}.{urlsafe_b64encode(data).decode()}"


def unseal(sealed: str, *, about: str) -> str:
    """The text, with the key of today or one of SECRET_KEY_FALLBACKS. Raises CannotUnseal."""
    way, _, rest = sealed.partition(".")
    name, _, coded = rest.partition(".")
    secret = _secrets().get(name)
    if way != "v1" or secret is None:
        raise CannotUnseal("sealed with a key that is not here")
    try:
        data = urlsafe_b64decode(coded)
        return AESGCM(_key(secret)).decrypt(data[:_NONCE], data[_NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError):
        raise CannotUnseal("changed since it was sealed, or sealed for another place") from None


def _secrets() -> dict[str, str | bytes]:
    return {_name(secret): secret for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}


def _key(secret: str | bytes) -> bytes:
    return _derived(secret, 32, "key")


def _name(secret: str | bytes) -> str:
    return _derived(secret, 4, "name").hex()


def _derived(secret: str | bytes, length: int, use: str) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=f"debitora.sealing.v1.{use}".encode()).derive(
        force_bytes(secret)
    )
