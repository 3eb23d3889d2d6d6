"""Account numbers and references with right check digits, at banks that do not exist."""

from string import ascii_uppercase
from typing import Final

INVENTED: Final = {
    "DE": "9{bank:07d}{account:010d}",
    "AT": "98{bank:03d}{account:011d}",
    "CH": "99{bank:03d}{account:012d}",
    "NL": "XQXQ{account:010d}",
    "GB": "XQXQ99{bank:04d}{account:08d}",
    "FR": "99{bank:03d}99{bank:03d}{account:011d}",
}
"""How a domestic account is written by country; no bank's code begins so."""
_FROM_TEN: Final = {ord(letter): str(place) for place, letter in enumerate(ascii_uppercase, start=10)}


def iban(country: str, serial: int) -> str:
    """Return the IBAN of that serial number (below 10 ** 8), or "" in a country that has none (ISO 13616)."""
    if country not in INVENTED:
        return ""
    domestic = INVENTED[country].format(bank=serial % 997, account=serial)
    if country == "FR":
        domestic += f"{_rib_key(domestic):02d}"
    return f"{country}{98 - _mod_97(domestic + country + '00'):02d}{domestic}"


def creditor_reference(number: str) -> str:
    """Return letters and digits of a document's number as a structured reference (ISO 11649), as `RF32RE2600471`."""
    plain = "".join(letter for letter in number.upper() if letter.isascii() and letter.isalnum())[:21]
    return f"RF{98 - _mod_97(plain + 'RF00'):02d}{plain}"


def _mod_97(text: str) -> int:
    """Letters count from 10 (ISO 7064, MOD 97-10)."""
    return int(text.translate(_FROM_TEN)) % 97


def _rib_key(domestic: str) -> int:
    """The key of a French account: bank, branch and account weigh 89, 15 and 3."""
    bank, branch, account = int(domestic[:5]), int(domestic[5:10]), int(domestic[10:])
    return 97 - (89 * bank + 15 * branch + 3 * account) % 97
