"""The rules of law that strategies and notices are held against: what each forbids, its law, how certain it is, the remedy.

Sentences are the English source of their translations. How certain: read in a source; derived from a rule read there; or
general knowledge that nobody has checked, which never forbids by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Severity(StrEnum):
    """What follows from a finding: an unlawful strategy is not kept and such a notice not released; a doubt is only shown."""

    UNLAWFUL = "unlawful"
    CHECK = "check"


class Certainty(StrEnum):
    """How the program knows."""

    READ = "read"
    DERIVED = "derived"
    UNCHECKED = "unchecked"


class Rule(StrEnum):
    """A rule by its name, as files, `--json` answers and events carry it."""

    COST_CAUSES_DEFAULT = "de_cost_causes_default"
    CONSUMER_FEE_VOID = "de_consumer_fee_void"
    CONSUMER_FEE_ABOVE_COST = "de_consumer_fee_above_cost"
    FEE_WITH_LUMP_SUM = "fee_with_lump_sum"
    LUMP_SUM_CONSUMER = "lump_sum_consumer"
    LUMP_SUM_TWICE = "lump_sum_twice"
    CLAIM_NOT_CHOSEN = "claim_not_chosen"
    SWISS_COST_NOT_AGREED = "ch_cost_not_agreed"
    AUSTRIAN_FEE = "at_fee_reasonable"
    DUTCH_LETTER_MISSING = "nl_letter_missing"
    DUTCH_LETTER_SHORT = "nl_letter_too_short"
    DUTCH_LETTER_SILENT = "nl_letter_without_amount"
    DUTCH_SCALE = "nl_cost_above_scale"
    BELGIAN_FIRST_FREE = "be_first_reminder_free"
    BELGIAN_DEADLINE = "be_deadline_too_short"
    BELGIAN_REMINDER_FEE = "be_reminder_above_cap"
    BELGIAN_SCALE = "be_cost_above_scale"
    BELGIAN_NOT_AGREED = "be_cost_not_agreed"
    BELGIAN_SILENT = "be_reminder_without_amount"
    FRENCH_INVOICE = "fr_invoice_silent"
    FRENCH_FLOOR = "fr_floor_unchecked"
    FRENCH_CONSUMER = "fr_consumer_cost"
    INTEREST_UNKNOWN = "interest_not_known"
    INTEREST_UNSURE = "interest_check_before_use"
    INTEREST_BEYOND_TABLE = "interest_beyond_table"
    INTEREST_AGREED_CONSUMER = "interest_agreed_consumer"
    INTEREST_ABOVE_STATUTORY = "interest_above_statutory"
    COMPOUND_INTEREST = "compound_interest"
    COUNTRY_UNCHECKED = "country_unchecked"
    LEVEL_SKIPPED = "level_skipped"
    TEXTS_OUT_OF_ORDER = "texts_out_of_order"
    DEADLINE_SHORT = "deadline_too_short"
    DEADLINE_OUTLASTS_GAP = "deadline_outlasts_gap"
    DEADLINE_NO_WORKING_DAY = "deadline_no_working_day"

    @property
    def text(self) -> RuleText:
        """What there is to say about the rule."""
        return _TEXTS[self]


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a rule says, with the parameters of its findings in `%(…)s`. `law` names it in its own tongue."""

    severity: Severity
    law: str
    certainty: Certainty
    says: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that something breaks. `place` as in faults: `steps[2].fee`; empty for a notice as a whole.

    `values` are the parameters of the rule's sentence: days, levels, or sums as policy files write them.
    """

    rule: Rule
    place: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def severity(self) -> Severity:
        """What follows from it."""
        return self.rule.text.severity

    @property
    def unlawful(self) -> bool:
        """Whether it keeps a strategy from being saved, or a notice from leaving."""
        return self.severity is Severity.UNLAWFUL


_STOP, _DOUBT = Severity.UNLAWFUL, Severity.CHECK
_READ, _DERIVED, _UNCHECKED = Certainty.READ, Certainty.DERIVED, Certainty.UNCHECKED
_TEXTS: Final[Mapping[Rule, RuleText]] = MappingProxyType(
    {
        Rule.COST_CAUSES_DEFAULT: RuleText(
            _STOP,
            "§ 286 BGB; BGH VIII ZR 95/18",
            _READ,
            "A notice that first causes default may carry no cost, whoever owes.",
            "Ask for it in a later step, or state among the claims that the due day was agreed by the calendar.",
        ),
        Rule.CONSUMER_FEE_VOID: RuleText(
            _STOP,
            "BGH VIII ZR 95/18",
            _READ,
            "A fee of %(fee)s against a consumer is void: only print and postage count, and %(void)s was held void.",
            "Ask for %(accepted)s at most, or for nothing.",
        ),
        Rule.CONSUMER_FEE_ABOVE_COST: RuleText(
            _DOUBT,
            "BGH VIII ZR 95/18",
            _READ,
            "Against consumers %(accepted)s was accepted as the cost of a reminder; %(fee)s needs proof.",
            "Ask for %(accepted)s at most, or keep the proof of your cost.",
        ),
        Rule.FEE_WITH_LUMP_SUM: RuleText(
            _DOUBT,
            "§ 288 V BGB; directive 2011/7/EU art. 6",
            _READ,
            "The lump sum of EUR 40 is set off against other costs of recovery; a fee beside it may ask twice.",
            "Choose one of them in this step.",
        ),
        Rule.LUMP_SUM_CONSUMER: RuleText(
            _STOP,
            "§ 288 V BGB; § 458 UGB; directive 2011/7/EU art. 6",
            _READ,
            "The lump sum of EUR 40 is owed by businesses only, never by a consumer.",
            "Take the lump sum out of this strategy.",
        ),
        Rule.LUMP_SUM_TWICE: RuleText(
            _STOP,
            "§ 288 V BGB; directive 2011/7/EU art. 6",
            _READ,
            "The lump sum is owed once per claim; more than EUR 40 per claim is asked for.",
            "Ask for it once for each claim.",
        ),
        Rule.CLAIM_NOT_CHOSEN: RuleText(
            _DOUBT,
            "–",
            _DERIVED,
            "This step asks for something that the strategy as a whole does not claim: nothing will be asked for.",
            "Choose it among the claims of the strategy, or take it out of the step.",
        ),
        Rule.SWISS_COST_NOT_AGREED: RuleText(
            _STOP,
            "Art. 103, 104 OR",
            _READ,
            "In Switzerland costs of reminding are owed only if they were agreed.",
            "State among the claims that costs were agreed, or ask for nothing.",
        ),
        Rule.AUSTRIAN_FEE: RuleText(
            _DOUBT,
            "§ 1333 ABGB",
            _UNCHECKED,
            "In Austria a fee must be necessary and in proportion to the claim. The program has not checked this.",
            "Have the amount checked before use.",
        ),
        Rule.DUTCH_LETTER_MISSING: RuleText(
            _STOP,
            "art. 6:96 lid 6 BW",
            _READ,
            "A Dutch consumer owes nothing beside the sum before a letter, free of charge, has given her fourteen days.",
            "Put a step that asks for nothing more before this one.",
        ),
        Rule.DUTCH_LETTER_SHORT: RuleText(
            _STOP,
            "art. 6:96 lid 6 BW",
            _READ,
            "The letter must leave fourteen full days from the day after its receipt; %(days)s days are too short, and too short a letter cannot be repaired.",
            "Give at least %(least)s days, and take the next step only after them.",
        ),
        Rule.DUTCH_LETTER_SILENT: RuleText(
            _STOP,
            "art. 6:96 lid 6 BW",
            _READ,
            "The letter before must state the exact amount of the costs; its text does not name %(fee)s.",
            "Write the amount into the text of the letter, or ask for nothing.",
        ),
        Rule.DUTCH_SCALE: RuleText(
            _STOP,
            "Besluit vergoeding voor buitengerechtelijke incassokosten (WIK)",
            _READ,
            "Costs of %(fee)s lie above the scale, which grants %(most)s here.",
            "Ask for %(most)s at most.",
        ),
        Rule.BELGIAN_FIRST_FREE: RuleText(
            _STOP,
            "Book XIX CEL / Boek XIX WER",
            _READ,
            "The first reminder to a Belgian consumer is free: neither cost nor interest may stand on it.",
            "Ask for it in a later step.",
        ),
        Rule.BELGIAN_DEADLINE: RuleText(
            _STOP,
            "Book XIX CEL / Boek XIX WER",
            _READ,
            "The first reminder must leave fourteen days from the third working day after posting; %(days)s days are too short.",
            "Give at least %(least)s days, and take the next step only after them.",
        ),
        Rule.BELGIAN_REMINDER_FEE: RuleText(
            _STOP,
            "Book XIX CEL / Boek XIX WER",
            _READ,
            "A further reminder may cost a Belgian consumer at most %(most)s and postage; %(fee)s is more.",
            "Ask for %(most)s at most.",
        ),
        Rule.BELGIAN_SCALE: RuleText(
            _STOP,
            "Book XIX CEL / Boek XIX WER",
            _READ,
            "Costs of %(fee)s lie above the cap, which is %(most)s here.",
            "Ask for %(most)s at most.",
        ),
        Rule.BELGIAN_NOT_AGREED: RuleText(
            _STOP,
            "Book XIX CEL / Boek XIX WER",
            _DERIVED,
            "A Belgian consumer owes costs of reminding only by a clause of the contract.",
            "State among the claims that costs were agreed, or ask for nothing.",
        ),
        Rule.BELGIAN_SILENT: RuleText(
            _STOP,
            "Book XIX CEL / Boek XIX WER",
            _READ,
            "The first reminder must say what will be asked for if she does not pay; its text does not name %(fee)s.",
            "Write the amount into the text of the first step, or ask for nothing.",
        ),
        Rule.FRENCH_INVOICE: RuleText(
            _DOUBT,
            "art. L441-9, L441-10, D441-5 C. com.",
            _READ,
            "French invoices must print the rate of interest and the lump sum of EUR 40.",
            "State it among the claims once your invoices do.",
        ),
        Rule.FRENCH_FLOOR: RuleText(
            _DOUBT,
            "art. L441-10 C. com.",
            _READ,
            "In France an agreed rate is at least three times the legal rate. That rate is not known here.",
            "Check the rate before use.",
        ),
        Rule.FRENCH_CONSUMER: RuleText(
            _DOUBT,
            "art. L111-8 CPCE",
            _UNCHECKED,
            "In France costs of recovery without a court's title may fall on the creditor. The program has not checked this.",
            "Have it checked before use, or ask for nothing.",
        ),
        Rule.INTEREST_UNKNOWN: RuleText(
            _STOP,
            "–",
            _DERIVED,
            "The program does not know which interest the law gives here, and computes none without a source.",
            "Choose no interest, or an agreed rate.",
        ),
        Rule.INTEREST_UNSURE: RuleText(
            _DOUBT,
            "%(law)s",
            _DERIVED,
            "The rate of interest follows from a rule that has not been checked for this country in all its parts.",
            "Check the rate before use.",
        ),
        Rule.INTEREST_BEYOND_TABLE: RuleText(
            _DOUBT,
            "%(law)s",
            _READ,
            "The reference rate is known to %(known_to)s only; no interest is computed beyond that day.",
            "Add the later rate, or choose no interest.",
        ),
        Rule.INTEREST_AGREED_CONSUMER: RuleText(
            _DOUBT,
            "§§ 307, 309 BGB; directive 93/13/EEC",
            _UNCHECKED,
            "A rate agreed with a consumer above the statutory one may be void in standard terms.",
            "Have the clause checked, or choose the statutory interest.",
        ),
        Rule.INTEREST_ABOVE_STATUTORY: RuleText(
            _STOP,
            "§ 288 BGB; directive 2011/7/EU",
            _READ,
            "More interest is asked for than the law gives, and none was agreed.",
            "Ask for the statutory interest, or state the agreed rate.",
        ),
        Rule.COMPOUND_INTEREST: RuleText(
            _STOP,
            "§ 289 BGB",
            _DERIVED,
            "Interest on default interest is asked for.",
            "Compute interest on the principal only.",
        ),
        Rule.COUNTRY_UNCHECKED: RuleText(
            _DOUBT,
            "directive 2011/7/EU",
            _DERIVED,
            "The law of this country on costs and interest is not known here.",
            "Check what this strategy claims before use.",
        ),
        Rule.LEVEL_SKIPPED: RuleText(
            _STOP,
            "–",
            _DERIVED,
            "A level is skipped: an item would rise from level %(before)s to level %(level)s at once.",
            "Take the steps one after the other.",
        ),
        Rule.TEXTS_OUT_OF_ORDER: RuleText(
            _DOUBT,
            "–",
            _DERIVED,
            "A level is skipped: this text refers to reminders that this strategy has not sent before.",
            "Let the texts grow firmer step by step, beginning with a reminder or a first notice.",
        ),
        Rule.DEADLINE_SHORT: RuleText(
            _DOUBT,
            "§ 286, § 323 BGB",
            _UNCHECKED,
            "A deadline of %(days)s days may be too short to be a reasonable one.",
            "Give at least %(least)s days.",
        ),
        Rule.DEADLINE_OUTLASTS_GAP: RuleText(
            _DOUBT,
            "–",
            _DERIVED,
            "This step may come before the deadline of the step before has passed.",
            "Let at least %(least)s days pass since the step before.",
        ),
        Rule.DEADLINE_NO_WORKING_DAY: RuleText(
            _DOUBT,
            "§ 193 BGB; regulation 1182/71 art. 3",
            _UNCHECKED,
            "The deadline ends on a Saturday, Sunday or holiday; it moves to the next working day.",
            "Name the next working day.",
        ),
    }
)
