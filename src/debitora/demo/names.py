"""The vocabulary of invented firms, people and places.

Nothing here is taken from a real list. A firm is three syllables and a trade; towns carry postcodes that no
post office has given out, e-mail domains end in `.example` (RFC 2606), telephone numbers use the block that
the Bundesnetzagentur reserves for film and television. So whatever the demo sends reaches nobody, and a look
at one line tells that it is invented.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

HEADS: Final = (
    "Al", "Bren", "Cor", "Dar", "El", "Fal", "Gor", "Hal", "Il", "Jar", "Kel", "Lor", "Mar",
    "Nor", "Or", "Pel", "Quin", "Ros", "Sel", "Tor", "Ul", "Var", "Wen", "Xan", "Yl", "Zar",
)  # fmt: skip
MIDDLES: Final = (
    "ba",
    "de",
    "go",
    "li",
    "mo",
    "na",
    "ru",
    "so",
    "ti",
    "vi",
    "wa",
    "zi",
    "fe",
    "ku",
    "lo",
    "pa",
)
TAILS: Final = (
    "dorn", "feld", "gart", "holt", "kamp", "lund", "mark", "nau",
    "quist", "rath", "stedt", "tal", "wald", "brück", "hövel", "müll",
)  # fmt: skip
TRADES: Final = {
    "de": (
        "Metallbau", "Haustechnik", "Möbelwerke", "Großhandel", "Gärtnerei", "Druckerei", "Elektrotechnik",
        "Spedition", "Baustoffe", "Feinmechanik", "Verpackungen", "Bäckereitechnik", "Kälteanlagen",
        "Maschinenbau", "Zimmerei", "Fördertechnik", "Gerüstbau", "Lacke & Farben", "Medizintechnik",
        "Werkzeuge", "Holzhandel", "Textilpflege",
        "Landtechnik", "Armaturen", "Dichtungen", "Getränkelogistik", "Messtechnik", "Oberflächentechnik",
        "Rohrleitungsbau", "Stahlhandel", "Büroeinrichtung", "Schließanlagen",
    ),
    "en": (
        "Tooling", "Fabrication", "Supplies", "Engineering", "Logistics", "Fasteners", "Instruments",
        "Timber",
    ),
    "nl": ("Metaalbewerking", "Techniek", "Groothandel", "Bouwstoffen", "Verpakkingen", "Houthandel"),
    "fr": ("Outillage", "Menuiserie", "Mécanique", "Matériaux", "Emballages", "Hydraulique"),
}  # fmt: skip
FORMS: Final = {
    "DE": (
        "GmbH", "GmbH", "GmbH", "GmbH", "GmbH & Co. KG", "GmbH & Co. KG",
        "AG", "KG", "OHG", "e. K.", "UG (haftungsbeschränkt)",
    ),
    "AT": ("GmbH", "GmbH", "KG", "e.U."),
    "CH": ("AG", "GmbH", "Sàrl"),
    "NL": ("B.V.", "V.O.F."),
    "FR": ("SARL", "SAS"),
    "GB": ("Ltd", "LLP"),
    "US": ("Inc.", "LLC"),
}  # fmt: skip
TOWN_HEADS: Final = (
    "Quell", "Harl", "Keld", "Tann", "Wolt", "Espel", "Farn", "Gries", "Irl", "Jorn",
    "Krum", "Lerch", "Mohn", "Nessel", "Rauk", "Schlehen", "Veil", "Zirbel", "Ölm", "Föhr",
)  # fmt: skip
TOWN_TAILS: Final = (
    "hude",
    "wick",
    "brügge",
    "sund",
    "reuth",
    "moos",
    "fleth",
    "krug",
    "zell",
    "horst",
    "kuhl",
    "siel",
)
STREETS: Final = {
    "de": (
        "Am Quellmoor", "An der alten Weberei", "Drosselkamp", "Färbergasse", "Gießereistraße",
        "Hinter der Mühle", "Industriestraße", "Kirschgarten", "Lagerhausstraße", "Moorweg", "Nordring",
        "Schlehenweg", "Torfkuhle", "Ziegeleistraße",
    ),
    "en": ("Mill Lane", "Foundry Road", "Harbour Street", "Orchard Way", "Station Yard"),
    "nl": ("Molenweg", "Havenstraat", "Lindelaan", "Veenkade"),
    "fr": ("rue du Moulin", "avenue des Tilleuls", "quai des Tanneurs", "chemin du Lavoir"),
}  # fmt: skip
FIRST_NAMES: Final = (
    "Anna", "Bernd", "Clara", "Dieter", "Elif", "Frank", "Greta", "Holger", "Ines", "Jörg", "Katrin", "Lars",
    "Mehmet", "Nadja", "Olaf", "Petra", "Ruth", "Sören", "Tanja", "Uwe", "Viola", "Wiebke",
)  # fmt: skip

VARIETY: Final = len(HEADS) * len(MIDDLES) * len(TAILS) * 16
"""How many different firms can be named: each is one number below this."""

_FREE_AREAS: Final = {"DE": ("05", "43", "62"), "FR": ("96", "99")}
_ASCII: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ö": "Oe", "é": "e", "à": "a"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where a firm sits; the postcode is of the country's shape but was never given out."""

    street: str
    postcode: str
    city: str


def root(serial: int) -> str:
    """Return the invented first word of a firm: different for every serial number below `VARIETY / 16`."""
    serial, tail = divmod(serial, len(TAILS))
    serial, middle = divmod(serial, len(MIDDLES))
    return f"{HEADS[serial % len(HEADS)]}{MIDDLES[middle]}{TAILS[tail]}"


def firm(serial: int, *, language: str, country: str, rng: Random) -> str:
    """Return a firm's name, as `Kelnaholt Metallbau GmbH & Co. KG`."""
    word, trade = divmod(serial, 16)
    trades = TRADES[language]
    about = trades[(trade * 2 + word % 2) % len(trades)]
    return f"{root(word)} {about} {rng.choice(FORMS[country])}"


def person(serial: int, rng: Random) -> str:
    """Return a person's name with an invented family name, as `Greta Brenlikamp`."""
    return f"{rng.choice(FIRST_NAMES)} {root(serial // 16)}"


def address(country: str, language: str, rng: Random) -> Address:
    """Return an address in an invented town of the country."""
    street, number = rng.choice(STREETS[language]), rng.randint(1, 148)
    ahead = country in {"FR", "GB", "US"}
    town = rng.choice(TOWN_HEADS) + rng.choice(TOWN_TAILS)
    line = f"{number} {street}" if ahead else f"{street} {number}"
    return Address(street=line, postcode=_postcode(country, rng), city=town)


def domain(name: str) -> str:
    """Return the mail domain of a firm, as `kelnaholt-metallbau.example`."""
    words = name.lower().translate(_ASCII).replace("&", " ").split()
    return "-".join(words[:2]) + ".example"


def mailbox(name: str) -> str:
    """Return the local part of a person's address, as `greta.brenlikamp`."""
    return ".".join(name.lower().translate(_ASCII).split())


def phone(rng: Random) -> str:
    """Return a German number from the block reserved for fiction (030 23125 000 to 999)."""
    return f"+49 30 23125 {rng.randint(0, 999):03d}"


def german_iban(bank_code: int, account: int) -> str:
    """Return a German IBAN with right check digits (ISO 13616); no bank's code begins with 9."""
    digits = f"{bank_code:08d}{account:010d}"
    check = 98 - int(digits + "131400") % 97
    return f"DE{check:02d}{digits}"


def _postcode(country: str, rng: Random) -> str:
    free = rng.randint(0, 999)
    if country in _FREE_AREAS:
        return f"{rng.choice(_FREE_AREAS[country])}{free:03d}"
    shapes = {"NL": f"0{free:03d} SA", "GB": f"QX{free % 90 + 1} {free % 10}ZZ", "US": f"00{free:03d}"}
    return shapes.get(country, f"0{free:03d}")
