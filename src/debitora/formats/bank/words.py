"""The words by which online banking names the columns of its exports: German, English, Dutch, French, Spanish.

The first words of a field weigh most. Several columns may be the text of a movement; every other field is one column.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", ",").split(",") if word.strip())


BANK_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "booked_on": _words(
        """buchungstag, buchungsdatum, booking date, posting date, boekdatum, boekingsdatum, date opération, date operation, date de l'opération, date comptable
        fecha operación, fecha de operación, fecha contable, f operación, buchung, transaction date, transactiedatum, date processed, completed date, umsatzdatum
        datum verrekening, datum verrichting, datum, date, fecha, created, date de comptabilisation, uitvoeringsdatum, execution date"""
    ),
    "valued_on": _words(
        """wertstellung, valutadatum, value date, rentedatum, date de valeur, date valeur, fecha valor, fecha de valor, f valor, wertstellungstag, wertstellungsdatum, valuta, wert"""
    ),
    "amount": _words(
        """betrag, amount, bedrag, montant, importe, umsatz, transactiebedrag, transaction amount, betrag in eur, bedrag in eur, mutatiebedrag, montant de l'opération, cantidad, monto"""
    ),
    "debit": _words(
        """soll, debit, débit, debet, lastschrift, belastung, withdrawals, withdrawal, paid out, money out, debit amount, uitgaven, cargo, cargos, debe, ausgang, ausgaben, montant débit, af"""
    ),
    "credit": _words(
        """haben, credit, crédit, gutschrift, deposits, deposit, paid in, money in, credit amount, inkomsten, abono, abonos, haber, eingang, einnahmen, montant crédit, bij"""
    ),
    "side": _words(
        """soll/haben, soll haben kennzeichen, s/h, debit/credit, credit debit indicator, d/c, dc, cr/dr, dr/cr, af bij, af/bij, debet/credit, bij/af, sens, débit/crédit, debe/haber"""
    ),
    "balance": _words(
        """saldo, balance, kontostand, solde, saldo nach buchung, saldo na trn, saldo na mutatie, nieuw saldo, running balance, saldo después del movimiento, solde après opération"""
    ),
    "currency": _words(
        """währung, waehrung, currency, munt, muntsoort, devise, divisa, moneda, ccy, whg, valuta, currency code"""
    ),
    "account": _words(
        """auftragskonto, iban auftragskonto, eigene iban, own account, own iban, account number, rekeningnummer, iban/bban, rekening, numéro de compte, compte, número de cuenta
        cuenta, kontonummer, konto, account, iban, iban kontoinhaber"""
    ),
    "name": _words(
        """name zahlungsbeteiligter, beguenstigter/zahlungspflichtiger, begünstigter/zahlungspflichtiger, auftraggeber/empfänger, auftraggeber/begünstigter, empfänger/zahlungspflichtiger
        zahlungsempfänger, zahlungspflichtiger, zahlungsbeteiligter, empfänger, auftraggeber, counterparty name, partner name, payee, payer, counteraccount name, beneficiary, naam tegenpartij
        naam, tegenpartij, nom, nom de la contrepartie, contrepartie, bénéficiaire, donneur d'ordre, beneficiario, ordenante, nombre, name, partner"""
    ),
    "other_account": _words(
        """iban zahlungsbeteiligter, kontonummer/iban, gegenkonto, iban gegenkonto, counterparty account, counterparty iban, counterparty, tegenrekening, tegenrekening iban/bban
        rekeningnummer tegenpartij, compte contrepartie, iban contrepartie, compte de la contrepartie, cuenta beneficiario, cuenta ordenante, cuenta de contrapartida, bank account, partner account
        partner iban, kontonummer, iban"""
    ),
    "other_bank": _words(
        """bic (swift-code), bic zahlungsbeteiligter, bic tegenpartij, counterparty bic, bic, swift, blz, bic contrepartie"""
    ),
    "text": _words(
        """verwendungszweck, remittance information, description, omschrijving, libellé, libelle, label, concepto, descripción, mededelingen, mededeling, vrije mededeling, communication
        payment details, details, detail, memo, message, narrative, motif, observaciones, detalle, text, reference text, kundenreferenz text"""
    ),
    "code": _words(
        """buchungstext, umsatzart, transaction type, transactietype, mutatiesoort, vorgang, type d'opération, tipo de movimiento, type, code"""
    ),
    "reference": _words(
        """gestructureerde mededeling, betalingskenmerk, structured communication, communication structurée, zahlungsreferenz, payment reference, referencia de pago"""
    ),
    "end_to_end": _words(
        """kundenreferenz (end-to-end), kundenreferenz, end-to-end-referenz, ende-zu-ende-referenz, end-to-end reference, end-to-end id, end to end, end-to-end referentie, référence de bout en bout"""
    ),
    "mandate": _words(
        """mandatsreferenz, mandate reference, mandate id, machtigingskenmerk, machtiging, mandaatreferentie, référence du mandat, rum, referencia del mandato"""
    ),
    "bank_reference": _words(
        """transaction id, transaction reference, transaction reference number, bank reference, transactiereferentie, operation number, sammlerreferenz, référence, reference, referencia, ref, id"""
    ),
    "status": _words("status, info, state, statut, estado"),
}
"""Field of a movement -> its words."""

MONEY_IN: Final = frozenset(
    _words("h, haben, c, cr, credit, crédit, k, gutschrift, bij, in, inflow, abono, haber, +")
)
MONEY_OUT: Final = frozenset(
    _words("s, soll, d, dr, debit, débit, debet, lastschrift, af, out, outflow, cargo, debe, -")
)
"""What stands in the column of the side: as the account's holder sees it."""

PENDING: Final = frozenset(
    _words(
        "pending, vorgemerkt, umsatz vorgemerkt, vorgemerkter umsatz, in behandeling, gereserveerd, en attente, pendiente, reverted, declined, failed"
    )
)
"""Days and states of movements that are announced, or did not happen."""

TOTALS: Final = frozenset(
    _words(
        "total, totals, summe, gesamt, totaal, totaux, suma, saldo, balance, solde, endsaldo, anfangssaldo"
    )
)
"""Words of rows that are no movement."""
