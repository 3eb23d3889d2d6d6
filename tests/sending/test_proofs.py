"""S20: what a sender's domain does not publish is warned of, and a run needs a word to go out despite it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from debitora.dunning.actions import SenderUnproven, approve_run, install_presets, may_approve_itself
from debitora.dunning.models import Run, RunApproval
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_run
from debitora.kit.dns import DnsUnreachable, texts_at
from debitora.messaging.actions import install_texts, save_sender, try_server
from debitora.messaging.actions.sender import NotASelector
from debitora.messaging.models import Sender
from debitora.messaging.queries.sender import unproven
from debitora.messaging.rules.proofs import Proof, can_publish, missing_proofs
from debitora.messaging.testing import a_sender
from debitora.people.models import Company
from debitora.trail.models import Record
from tests.dns_server import DnsServer
from tests.smtp_server import SmtpServer

KEY = "v=DKIM1; k=rsa; p=" + "MIIB" * 90
ALL = {
    "acme.de": "v=spf1 mx -all",
    "mail._domainkey.acme.de": KEY,
    "_dmarc.acme.de": "v=DMARC1; p=reject",
}
NONE: Mapping[str, str] = {}


def without(*names: str) -> dict[str, str]:
    return {name: text for name, text in ALL.items() if name not in names}


def asked(texts: Mapping[str, str], domain: str = "acme.de", selector: str = "") -> list[str]:
    found = missing_proofs(domain, lambda name: (texts[name],) if name in texts else (), selector=selector)
    return [str(proof) for proof in found]


@pytest.mark.parametrize(
    ("texts", "missing"),
    [
        (ALL, []),
        (without("acme.de"), ["spf"]),
        (without("mail._domainkey.acme.de"), ["dkim"]),
        (without("_dmarc.acme.de"), ["dmarc"]),
        (NONE, ["spf", "dkim", "dmarc"]),
        ({**ALL, "acme.de": "google-site-verification=v=spf1"}, ["spf"]),
        ({**ALL, "mail._domainkey.acme.de": "v=DKIM1; p="}, ["dkim"]),  # withdrawn
    ],
)
def test_s20_each_proof_that_is_missing_is_named(texts: Mapping[str, str], missing: list[str]) -> None:
    assert asked(texts) == missing


def test_s20_a_named_selector_is_the_only_one_that_counts() -> None:
    assert asked(ALL, selector="other") == ["dkim"]
    assert asked({**ALL, "other._domainkey.acme.de": KEY}, selector="other") == []


def test_s20_the_policy_of_the_organisation_counts_for_what_is_below() -> None:
    below = {
        "post.acme.de": "v=spf1 -all",
        "k1._domainkey.post.acme.de": KEY,
        "_dmarc.acme.de": "v = DMARC1;p=none",
    }
    assert asked(below, "post.acme.de") == []
    assert asked({"_dmarc.de": "v=DMARC1"}, "acme.de") == ["spf", "dkim", "dmarc"]


def test_s20_a_domain_that_nobody_can_publish_for_is_not_asked() -> None:
    assert [can_publish(domain) for domain in ("acme.example", "a.test", "localhost", "acme.de")] == [
        False,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("by_stream", [False, True])
def test_texts_are_read_from_a_name_server(settings: Any, by_stream: bool) -> None:
    with DnsServer(ALL, by_stream=by_stream) as server:
        settings.DNS_SERVER = server.address
        assert texts_at("mail._domainkey.acme.de") == (KEY,)
        assert texts_at("nobody.de") == ()
    assert texts_at("ä.de") == texts_at("a..de") == texts_at("a" * 64) == ()


def test_a_server_that_makes_no_sense_or_is_not_there_tells_nothing(settings: Any) -> None:
    with DnsServer(ALL, garbled=True) as server:
        settings.DNS_SERVER = server.address
        with pytest.raises(DnsUnreachable):
            texts_at("acme.de")
    with pytest.raises(DnsUnreachable):
        texts_at("acme.de")


@pytest.fixture
def proposed(company: Company) -> int:
    """A proposed run of a company that writes from a domain of its own."""
    install_presets(company=company, by=TESTS, at=MOMENT)
    install_texts(company=company.id, by=TESTS, at=MOMENT)
    a_late_payer(company)
    a_sender(company.id, email="mahnung@acme.de")
    return a_run(company).run or 0


def asked_while(company: Company, texts: Mapping[str, str], settings: Any) -> None:
    """The mail server is tried while the domain publishes these texts."""
    with SmtpServer() as sink, DnsServer(texts) as names:
        settings.DNS_SERVER = names.address
        Sender.objects.update(smtp_port=sink.port)
        try_server(company=company.id, by=TESTS, at=MOMENT)


def test_s20_a_run_needs_a_word_to_go_out_despite_it(company: Company, proposed: int, settings: Any) -> None:
    asked_while(company, without("acme.de", "_dmarc.acme.de"), settings)
    assert unproven(company=company.id) == (Proof.SPF, Proof.DMARC)
    assert not may_approve_itself(company=company, run=proposed)
    with pytest.raises(SenderUnproven, match="spf"):
        approve_run(company=company.id, run=proposed, by=TESTS, at=MOMENT, confirmed=True)
    assert not RunApproval.objects.exists()
    approve_run(company=company.id, run=proposed, by=TESTS, at=MOMENT, despite=True)
    assert Record.objects.get(verb="run.approved").facts["despite"] == ["spf", "dmarc"]
    assert Record.objects.get(verb="sender.tested").facts == {"proofs_missing": "spf,dmarc"}


def test_s20_a_proven_sender_and_an_unknown_one_need_none(
    company: Company, proposed: int, settings: Any
) -> None:
    asked_while(company, ALL, settings)
    assert Sender.objects.get().proofs_asked_at == MOMENT
    with SmtpServer() as sink:  # nobody answers for the names
        Sender.objects.update(smtp_port=sink.port)
        try_server(company=company.id, by=TESTS, at=MOMENT)
    assert Sender.objects.get().proofs_asked_at is None
    approve_run(company=company.id, run=proposed, by=TESTS, at=MOMENT)
    assert Run.objects.get().state == "approved"


def test_s20_another_address_or_selector_has_to_be_asked_for_anew(
    company: Company, proposed: int, settings: Any
) -> None:
    asked_while(company, NONE, settings)
    save_sender(company=company.id, changes={"dkim_selector": "Mail"}, by=TESTS, at=MOMENT)
    assert unproven(company=company.id) == ()
    assert Sender.objects.get().dkim_selector == "mail"
    with pytest.raises(NotASelector):
        save_sender(company=company.id, changes={"dkim_selector": "a b"}, by=TESTS, at=MOMENT)


def test_s20_the_pages_warn_and_ask(
    company: Company,
    proposed: int,
    settings: Any,
    client_of: Callable[[Any], Client],
    manager: Any,
) -> None:
    asked_while(company, without("acme.de"), settings)
    client, approval = client_of(manager), f"/c/acme/runs/{proposed}/approval/"
    assert "which servers may send for it" in client.get("/c/acme/settings/sender/").content.decode()
    assert "does not publish SPF" in client.get(approval).content.decode()
    refused = client.post(approval)
    assert refused.status_code == 422
    assert "are to go nevertheless" in refused.content.decode()
    assert client.post(approval, {"despite": "on"}).status_code == 303
    assert RunApproval.objects.count() == 1


def test_s20_of_an_example_nothing_is_said_to_be_proven(company: Company, settings: Any) -> None:
    a_sender(company.id)
    with SmtpServer() as sink, DnsServer(ALL) as names:
        settings.DNS_SERVER = names.address
        Sender.objects.update(smtp_port=sink.port)
        try_server(company=company.id, by=TESTS, at=MOMENT)
        assert names.asked == []
    assert Sender.objects.get().proofs_asked_at is None
