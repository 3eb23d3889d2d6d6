"""The words by which lists name their columns: German, English, Dutch, French, and the programs we know.

The first words of a field weigh most: where two columns could be the same field, the earlier word wins. SAP FBL5N, DATEV
open items, Odoo, Lexware, and common receivables data sets are covered besides plain spreadsheets.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", ",").split(",") if word.strip())


WORDS: Final[dict[str, tuple[str, ...]]] = {
    "number": _words(
        """invoice id, invoice number, invoice no, invoice nr, rechnungsnummer, rechnungsnr, rechnungs-nr, rechnung nr, re-nr, rg-nr, rnr
        factuurnummer, factuurnr, factuur nr, numéro de facture, numero facture, n° facture, no facture, num facture
        belegnummer, belegnr, beleg-nr, beleg nr, beleg, document number, document no, doc number, doc no, doc id, op-nummer, op-nr, opnr
        rechnung, invoice, factuur, facture, belegfeld 1, belegfeld1, buchungsnummer, boekstuknummer, numéro de pièce, numero piece, pièce
        pieceref, voucher number, voucher no, voucher, transaction number, transaction id, number, nummer, nr, no, numéro, num
        move name, zuordnung, assignment, referenz, reference, référence, referentie, name"""
    ),
    "position": _words(
        """position, pos, buchungszeile, belegposition, zeile, posten, line item, line, item, installment, instalment, rate, teilbetrag nr
        regel, termijn, ligne, échéance n°, buzei"""
    ),
    "customer_number": _words(
        """customer number, customer no, customer nr, customer id, customer code, cust number, cust no, cust id, kundennummer, kunden-nr, kundennr, kunden nr
        kd-nr, kdnr, kd nr, kunde nr, debitorennummer, debitorennr, debitoren-nr, debitor nr, debitor, debitorenkonto, personenkonto
        kontonummer, konto-nr, konto nr, konto, account number, account no, account, debtor number, debtor no, debtor id, debtor, customer account
        klantnummer, klantnr, klant nr, klantcode, debiteurnummer, debiteurnr, debiteur, relatienummer, numéro client, numero client, n° client, no client
        code client, compte client, compte, compte auxiliaire, compauxnum, client id, partner id, geschäftspartner, business partner, bp number, customer, kunde, klant, client"""
    ),
    "customer_name": _words(
        """customer name, name customer, kundenname, kunden name, debitorenname, debtor name, account name, kontobezeichnung, name 1, name1, name
        firmenname, firma, company name, company, klantnaam, naam klant, naam, debiteurnaam, bedrijfsnaam, bedrijf, relatie
        nom du client, nom client, nom, raison sociale, société, compauxlib, partner name, partner, invoice partner display name
        kunde, customer, klant, client, rechnungsempfänger, bill to, bill to name, bezeichnung, kurzname, suchname, partner id, debitor"""
    ),
    "issued_on": _words(
        """invoice date, rechnungsdatum, rechnungs-datum, rg-datum, re-datum, rechnung vom, invoice bill date, bill date, date of invoice, factuurdatum
        date de facture, date facture, date de la facture, date d'émission, belegdatum, beleg-datum, belegdat, document date, doc date
        baseline create date, document create date, issue date, issued on, date issued, ausstellungsdatum, datum, date, posting date
        buchungsdatum, buch datum, boekdatum, date comptable, date de pièce, piecedate, created, create date, created on, documentdatum"""
    ),
    "due_on": _words(
        """due date, due on, due in date, invoice date due, fälligkeitsdatum, fälligkeit, nettofälligkeit, netto-fälligkeit, nettofälligkeitsdatum, fällig am, fällig
        fällig per, fällig zum, zahlbar bis, zahlungsziel datum, net due date, net due dt, payment due date, payment due, due, date maturity, maturity date, maturity
        vervaldatum, verval datum, vervaldag, betaaldatum uiterlijk, date d'échéance, date échéance, date echeance, échéance, echeance, faell datum, nettofaell"""
    ),
    "currency": _words(
        """document currency, invoice currency, belegwährung, rechnungswährung, currency, currency code, währung, währungscode, währungskennzeichen, wkz, whg, whrg, wrg, waers, valuta
        munt, muntsoort, devise, monnaie, curr, cur, ccy, currency id, hauswährung, hwähr, local currency, idevise"""
    ),
    "open": _words(
        """open amount, total open amount, amount open, amount due, amount residual, residual amount, outstanding, outstanding amount, amount outstanding, balance due
        open balance, remaining amount, offener betrag, offen, offener posten, offene posten, betrag offen, restbetrag, rest, offener restbetrag, noch offen, offenstehend, restforderung
        amount due signed, amount residual signed, amount residual currency, amount due in currency, saldo, op-saldo, balance, converted usd, open, betrag offen eur
        openstaand bedrag, openstaand, openstaand saldo, nog te betalen, restant, montant dû, montant restant, restant dû, reste à payer, reste dû, solde, montant ouvert, en cours"""
    ),
    "amount": _words(
        """invoice amount, rechnungsbetrag, bruttobetrag, betrag brutto, brutto, rechnungssumme, gesamtbetrag, betrag in belegwährung, betr in belegwährung, betrag belegwährung, betr in bw
        amount in document currency, amount in doc curr, document amount, amount in currency, total in currency signed, total in currency, amount total
        amount total signed, total signed, amount, total amount, total, gross amount, gross, original amount, ursprungsbetrag, ursprünglicher betrag, betrag, summe, umsatz, wert
        betrag in hauswährung, betr in hauswährung, betr in hw, betrag hauswährung, amount in local currency, amount in company code currency, betrag in buchungskreiswährung
        factuurbedrag, bedrag, bedrag incl, totaalbedrag, totaal, montant ttc, montant facture, montant de la facture, montant, total ttc, montantdevise"""
    ),
    "debit": _words("soll, debit, debet, débit, sollbetrag, betrag soll, debit amount, umsatz soll"),
    "credit": _words("haben, credit, crédit, habenbetrag, betrag haben, credit amount, umsatz haben"),
    "side": _words(
        """soll/haben-kennzeichen, soll-haben-kennz, soll/haben, soll haben kennzeichen, s/h, sh, s h kennz, soll haben, debit/credit, debit credit indicator
        d/c, dc, dr cr, debit credit, debet/credit, d/c indicator, sens, débit/crédit, shkzg"""
    ),
    "open_flag": _words(
        """is open, isopen, is open invoice, open flag, offen ja nein, ist offen, open, offen, payment state, payment status, zahlungsstatus, zahlstatus, betaalstatus, statut de paiement
        posten offen, ausgeglichen, is paid, paid, bezahlt, is cleared, cleared, erledigt, settled, betaald, voldaan, payé, payée, soldé, lettré, status, statut"""
    ),
    "cleared_on": _words(
        """clear date, clearing date, cleared on, cleared date, ausgleichsdatum, ausgleich am, ausgeglichen am, bezahlt am, gezahlt am, zahlungsdatum, payment date, paid on, paid date
        date paid, settled date, settled on, settlement date, betaald op, betaaldatum, betaaldatum werkelijk, date de paiement, date de règlement, date règlement, payé le, datelet"""
    ),
    "company_code": _words(
        """company code, business code, buchungskreis, bukrs, mandant, mandantennummer, company, firmennummer, firma nr, gesellschaft, administratie, bedrijfsnummer, code société, entité, entity, legal entity"""
    ),
    "kind": _words(
        """document type, doc type, belegart, beleg-art, invoice type, type of document, rechnungsart, vorgangsart, belegtyp, soort, documentsoort, factuursoort, type de document, type de pièce, type, typ, art, move type"""
    ),
    "order_reference": _words(
        """order number, order no, order reference, order ref, customer reference, po number, purchase order, your reference, bestellnummer, bestell-nr, bestellung, auftragsnummer, auftrags-nr, auftrag
        kundenreferenz, ihr zeichen, ihre referenz, referenzschlüssel, referenz, reference, payment reference, ordernummer, bestelnummer, uw referentie, referentie, numéro de commande, n° commande, commande, référence, belegfeld 2, source document, invoice origin"""
    ),
    "product_group": _words(
        """product group, product category, product line, item group, material group, article group, division, warengruppe, warengr, wgr, produktgruppe, produktgr, artikelgruppe, artikelgr, produktkategorie, produktlinie, materialgruppe, sparte, warenart
        productgroep, artikelgroep, productcategorie, productlijn, groupe de produits, groupe de produit, groupe produits, famille de produits, famille de produit, famille produits, famille article, famille d'articles, gamme de produits, catégorie de produit, matkl, spart"""
    ),
    "text": _words(
        """text, buchungstext, positionstext, belegtext, verwendungszweck, description, memo, comment, remark, bemerkung, kommentar, notiz, betreff, omschrijving, opmerking, libellé, libelle, ecriturelib, description de la pièce, zuordnung, assignment, label"""
    ),
    "email": _words(
        """email, e-mail, mail, email address, e-mail address, e-mail-adresse, emailadresse, mailadresse, rechnungs e-mail, invoice email, billing email, mahn e-mail, e-mailadres, adresse e-mail, courriel, adresse mail"""
    ),
    "street": _words(
        """street, street address, straße, strasse, strasse und hausnummer, straße hausnummer, straße nr, address, address 1, address line 1, adresse, anschrift, straat, adres, rue, adresse 1, street 1, billing address"""
    ),
    "postcode": _words(
        "postcode, postal code, zip, zip code, plz, postleitzahl, postleitzahl ort, code postal, cp, billing zip"
    ),
    "city": _words(
        "city, town, ort, stadt, ortsname, wohnort, plaats, woonplaats, stad, ville, localité, commune"
    ),
    "country": _words(
        "country, country code, land, länderkennzeichen, länderschlüssel, ländercode, lkz, landcode, pays, code pays, country id, landkürzel"
    ),
    "language": _words(
        "language, language code, lang, sprache, sprachschlüssel, sprachkennzeichen, korrespondenzsprache, taal, taalcode, langue, spras"
    ),
    "customer_kind": _words(
        """customer kind, customer type, business or consumer, b2b b2c, b2b/b2c, b2b, kundenart, kundentyp, kundengruppe art, privat geschäftlich, privat oder geschäft, privatkunde, verbraucher
        unternehmer, kundengruppe, customer group, klanttype, klantsoort, particulier zakelijk, type de client, type client, particulier, is company, company type, kind, art, type"""
    ),
    "contact_name": _words(
        """contact name, contact person, contact, buyer contact, attention, attn, ansprechpartner, ansprechperson, ansprechpartnerin, kontaktperson, besteller, bestellt von, zu händen
        contactpersoon, naam contactpersoon, ter attentie van, besteld door, personne de contact, interlocuteur, nom du contact, commandé par"""
    ),
    "contact_email": _words(
        """contact email, contact e-mail, email contact, e-mail contact, buyer email, buyer contact email, ansprechpartner e-mail, e-mail ansprechpartner, e-mail ansprechperson, ansprechperson e-mail, e-mail besteller, besteller e-mail
        e-mail contactpersoon, contactpersoon e-mail, e-mail du contact, courriel du contact, e-mail interlocuteur"""
    ),
    "salesperson": _words(
        """salesperson, sales person, salesman, sales rep, sales representative, account manager, vertrieb, vertreter, vertriebsmitarbeiter, verkäufer, außendienst, sachbearbeiter, betreuer, kundenbetreuer, zuständig
        verkoper, vertegenwoordiger, accountmanager, commercial, vendeur, représentant, responsable, user id, invoice user id"""
    ),
    "parent_number": _words(
        """parent number, parent customer, parent, parent account, head office, headquarters, konzern, konzernnummer, konzernkunde, zentrale, hauptkunde, muttergesellschaft, übergeordneter kunde, group number
        moedermaatschappij, hoofdklant, hoofdkantoor, société mère, client parent, siège, parent id"""
    ),
}
"""Field of a list -> its words, the most certain first."""

ITEM_FIELDS: Final = (
    "number", "position", "customer_number", "customer_name", "issued_on", "due_on", "currency", "amount", "open", "debit",
    "credit", "side", "open_flag", "cleared_on", "company_code", "kind", "order_reference", "product_group", "text", "email", "salesperson",
    "contact_name", "contact_email",
)  # fmt: skip
CUSTOMER_FIELDS: Final = (
    "customer_number", "customer_name", "email", "street", "postcode", "city", "country", "language", "customer_kind",
    "salesperson", "parent_number", "company_code", "currency",
)  # fmt: skip

CUSTOMER_EXTRA: Final[dict[str, tuple[str, ...]]] = {
    "customer_number": _words(
        "number, nummer, nr, no, id, code, numéro, num, matchcode, adressnummer, konto"
    ),
}
"""Words that name the customer number only where the list is one of customers."""

LOCAL_CURRENCY: Final = _words(
    """hauswährung, betr in hw, betrag in hw, hwähr, hauswhrg, buchungskreiswährung, hwährung, local currency, company code currency, company currency, loc curr"""
)
"""Words of amounts and currencies in the company's own currency, where the document may have another."""

UNFIT: Final = _words(
    """predict, predicted, prediction, prognose, forecast, expected, erwartet, bucket, delay, overdue days, days, tage, verzug, verzugstage, jours, dagen, count, anzahl, percent, prozent
    tax, vat, mwst, ust, steuer, btw, tva, skonto, discount, rabatt, untaxed, tax excluded, netto betrag, nettobetrag, year, jahr, period, periode, mahnstufe, mahnsperre, mahndatum, zinsen
    letzte zahlung, last payment, kurs, exchange rate, limit, kreditlimit, bic, iban, bank, aging"""
)
"""Words that keep a column from being any field unless it bears a field's exact name."""

INVERTED_FLAGS: Final = frozenset(
    _words(
        """ausgeglichen, is paid, paid, bezahlt, is cleared, cleared, erledigt, settled, betaald, voldaan, payé, payée, soldé, lettré"""
    )
)
"""Flag columns whose yes means settled."""

OPEN_VALUES: Final = frozenset(
    _words(
        """1, true, wahr, vrai, waar, yes, y, ja, j, oui, o, x, open, offen, opened, not paid, not_paid, unpaid, unbezahlt, nicht bezahlt, partial, partially paid, teilbezahlt, teilweise bezahlt, teilzahlung
        überfällig, overdue, fällig, posted, gebucht, niet betaald, openstaand, deels betaald, non payé, non payée, partiellement payé, ouvert, outstanding, due, sent, versendet, reversed open, mahnung"""
    )
)
SETTLED_VALUES: Final = frozenset(
    _words(
        """0, false, falsch, faux, onwaar, no, n, nein, nee, non, closed, geschlossen, paid, bezahlt, in_payment, in payment, cleared, ausgeglichen, settled, erledigt, reversed, storniert, cancelled, canceled
        cancel, storno, betaald, voldaan, afgesloten, payé, payée, soldé, soldée, réglé, réglée, fermé, vollständig bezahlt, draft, entwurf, invoicing_legacy"""
    )
)
DEBIT_VALUES: Final = frozenset(_words("s, soll, d, dr, debit, debet, débit, +"))
CREDIT_VALUES: Final = frozenset(_words("h, haben, c, cr, credit, crédit, k, -"))

CREDIT_KINDS: Final = frozenset(
    _words(
        """gutschrift, gutschriften, rechnungskorrektur, stornorechnung, credit note, creditnote, credit memo, credit, cn, gs, gu, dg, rg storno, avoir, note de crédit, creditnota, creditfactuur, refund
        out_refund, customer credit note, zahlung, payment, dz, akonto, anzahlung, zahlungseingang, paiement, betaling"""
    )
)
"""Document types whose positive amounts are credits, in lists that write no signs (SAP: DG credit memo, DZ payment)."""

BUSINESS_VALUES: Final = frozenset(
    _words(
        """b2b, business, company, b, gewerblich, geschäftlich, geschäftskunde, geschäft, firma, unternehmen, unternehmer, firmenkunde, gk, zakelijk, bedrijf, professionnel, pro, entreprise, société, organisation, organization, corporate
        true, yes, ja, oui, 1"""
    )
)
CONSUMER_VALUES: Final = frozenset(
    _words(
        """b2c, consumer, private, c, p, privat, privatkunde, privatperson, verbraucher, endkunde, pk, person, individual, particulier, consument, consommateur, particulière, false, no, nein, nee, non, 0"""
    )
)
INVERTED_KINDS: Final = frozenset(
    _words("privatkunde, verbraucher, privat, consumer, particulier, is consumer")
)
"""Columns of customer kind whose yes means consumer."""

TOTAL_WORDS: Final = _words(
    """summe, gesamtsumme, zwischensumme, endsumme, gesamt, total, grand total, subtotal, sub total, sum, übertrag, saldo gesamt, gesamtsaldo, totaal, subtotaal, sous-total, sous total, total général, saldo, carry forward, carried forward, report"""
)
"""Words with which a row of totals begins."""
