"""Registering and one's own account: D1, C8, C9, and nobody learns who has an account."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from connector.free_fields.declare import Declaration, declare_field
from connector.free_fields.kinds import About, FieldType
from connector.http.forms import limits
from connector.http.rates.policies import Policy
from connector.inquiries.forms.change import close_form
from connector.registrations.check import (
    Method,
    Outcome,
    check_registration,
    list_registrations,
    look_at_registration,
)
from connector.registrations.documents import take_document
from connector.registrations.sweep import sweep_registrations
from connector.registrations.views import RegistrationView, exported
from privacy.core import clock
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.disclosures.find import list_disclosures
from privacy.notices.languages import speech
from privacy.profiles.parts import DocumentUse
from tenants.permissions import Role
from tests.functional.console.town import Town
from tests.functional.portal.people import PASSWORD, TICKS, Visitor, new_registration_form


def registrations(town: Town, tenant: uuid.UUID) -> list[RegistrationView]:
    with town.desk.tenant(tenant) as work:
        rows = list_registrations(work, vault=town.desk.ring)
        return [
            look_at_registration(work, vault=town.desk.ring, registrant_id=one.row.id)
            for one in rows
        ]


def own(town: Town, visitor: Visitor) -> RegistrationView:
    found = registrations(town, visitor.tenant)
    return next(view for view in found if view.details.email == visitor.email)


@pytest.mark.promise("A9")
@pytest.mark.promise("D1")
@pytest.mark.promise("C8")
def test_from_registering_to_the_own_account(town: Town, visitor: Visitor) -> None:
    assert "Set-Cookie" not in visitor.register().headers
    assert visitor.sign_in().status_code == 401, "not before the address is confirmed"
    assert "Your account is open" in visitor.confirm().get_data(as_text=True)
    assert visitor.sign_in().status_code == 302
    page = visitor.get().get_data(as_text=True)
    for word in ("Canary", "10115", visitor.email, "Conditions, version 2026-01"):
        assert word in page
    view = own(town, visitor)
    assert {(one.term, one.version) for one in view.agreements} == {
        ("conditions", "2026-01"),
        ("policy", "2026-01-01"),
        ("service_level", "3"),
    }
    assert all(one.ip_address == "127.0.0.1" for one in view.agreements)
    assert all(clock.now() - one.accepted_at < timedelta(minutes=1) for one in view.agreements)


@pytest.mark.promise("A11")
@pytest.mark.promise("C9")
def test_declared_fields_are_asked_for_corrected_taken_along_and_erased(
    town: Town, sellers: uuid.UUID
) -> None:
    meter = Declaration(
        *(About.REGISTRATION, "meter", "Meter", FieldType.CHOICE, Purpose.DELIVERY),
        LegalBasis.CONTRACT,
        choices=("old", "new"),
    )
    with town.desk.tenant(sellers) as work:
        field_id = declare_field(work, declaration=meter)
    form = new_registration_form(town, sellers, language="de", own=[field_id])
    visitor = Visitor(town, sellers, form)
    assert "Füllen Sie dieses Feld aus" in visitor.register().get_data(as_text=True)
    wrong = visitor.register(own_meter="none").get_data(as_text=True)
    assert "Wählen Sie eine der Antworten" in wrong
    assert visitor.register(own_meter="old").status_code == 200
    visitor.confirm()
    assert visitor.sign_in().status_code == 302
    assert 'value="old" selected' in visitor.get().get_data(as_text=True)
    kept = {name: text for name, text in visitor.typed().items() if name not in TICKS}
    del kept["password"], kept["email"]
    assert visitor.post("/correct", **kept, own_meter="new").status_code == 302
    view = own(town, visitor)
    assert exported(view)["fields"] == {"Meter": "new"}
    visitor.get("/closing")
    assert visitor.post("/closing", password=PASSWORD).status_code == 200
    with town.desk.tenant(sellers) as work:
        values = "SELECT count(*) FROM free_values WHERE record_id = :id"
        assert work.connection.execute(text(values), {"id": view.id}).scalar_one() == 0


@pytest.mark.promise("D1")
@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"of_age": "-"}, "of_age"),
        ({"agreed_conditions": "-"}, "agreed_conditions"),
        ({"agreed_policy": "-"}, "agreed_policy"),
        ({"agreed_service_level": "-"}, "agreed_service_level"),
        ({"birth_date": "-"}, "birth_date"),
        ({"birth_date": "31.12.1990"}, "birth_date"),
        ({"birth_date": "1799-01-01"}, "birth_date"),
        ({"password": "short"}, "password"),
        ({"password": "robin canary robin"}, "password"),
        ({"email": "nobody"}, "email"),
        ({"login": "a@b"}, "login"),
        ({"first_name": ""}, "first_name"),
        ({"last_name": "x" * 201}, "last_name"),
        ({"other_entries": "4111 1111 1111 1111"}, "other_entries"),
    ],
)
def test_without_each_of_these_there_is_no_account(
    town: Town, visitor: Visitor, change: dict[str, str], at: str
) -> None:
    answer = visitor.register(**change)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{at}"' in page
    assert PASSWORD not in page
    assert visitor.mails() == []
    if "email" not in change:
        assert visitor.email in page, "nothing that was typed is lost"


@pytest.mark.promise("D1")
def test_of_age_is_counted_to_the_day(visitor: Visitor) -> None:
    today = clock.now().date()
    birthday = date(today.year - 18, today.month, today.day)
    tomorrow = birthday + timedelta(days=1)
    assert visitor.register(birth_date=tomorrow.isoformat()).status_code == 422
    assert visitor.register(birth_date=birthday.isoformat()).status_code == 200


@pytest.mark.promise("A12")
def test_what_the_profile_does_not_declare_is_refused(visitor: Visitor) -> None:
    answer = visitor.register(iban="DE00 0000")
    assert answer.status_code == 422
    assert "0000" not in answer.get_data(as_text=True)
    assert visitor.mails() == []


@pytest.mark.attack(26)
def test_nobody_learns_whether_an_address_is_registered(
    town: Town, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNPROVED", Policy("form-unproved", 100, 3600))
    visitor.enter()
    again = Visitor(town, visitor.tenant, visitor.form, name=visitor.name)
    other = Visitor(town, visitor.tenant, visitor.form)
    known = again.register(login="another-login")
    unknown = other.register()
    assert known.status_code == unknown.status_code == 200
    assert known.get_data() == unknown.get_data()
    assert "has an account already" in visitor.mails()[0]
    taken = visitor.typed()["login"]
    for somebody in (again, other):
        refused = somebody.register(login=taken)
        assert refused.status_code == 422, "a taken login is refused alike"
    for who in (visitor.email, "nobody@example.org"):
        again.page = None
        answer = again.post("/forgotten", who=who)
        assert answer.status_code == 200
        assert "If there is such an account" in answer.get_data(as_text=True)
    told = set()
    for who in (visitor.email, "nobody@example.org"):
        again.page = None
        answer = again.post("/sign-in", who=who, password="wrong wrong wrong")
        told.add((answer.status_code, "The login or the password is wrong." in answer.text))
    assert told == {(401, True)}


@pytest.mark.attack(25)
def test_guessing_ends_soon(visitor: Visitor) -> None:
    visitor.enter()
    thief = Visitor(visitor.town, visitor.tenant, visitor.form, name=visitor.name)
    told = [thief.sign_in("wrong wrong wrong").status_code for _ in range(8)]
    assert told[0] == 401
    assert told[-1] == 429
    assert visitor.get().status_code == 200, "who is in stays in"


@pytest.mark.promise("C3")
def test_a_holder_corrects_and_is_asked_to(town: Town, visitor: Visitor) -> None:
    visitor.enter()
    view = own(town, visitor)
    with town.desk.tenant(visitor.tenant) as work:
        check_registration(
            work,
            vault=town.desk.ring,
            registrant_id=view.id,
            method=Method.PLAUSIBILITY,
            outcome=Outcome.ASKED,
            note="The postcode does not exist.",
            link="https://silta.example.com/account",
            sending=False,
        )
    assert "The postcode does not exist." in visitor.mails()[0]
    page = visitor.get().get_data(as_text=True)
    assert "The postcode does not exist." in page
    own_form = {"password", "email", *TICKS}
    fields = {name: text for name, text in visitor.typed().items() if name not in own_form}
    assert visitor.post("/correct", **(fields | {"postcode": "99"})).status_code == 302
    after = own(town, visitor)
    assert after.details.postcode == "99"
    assert after.check_state == "unchecked"
    assert [one.outcome for one in after.checks] == ["asked"]
    [told] = exported(after)["checks"]
    assert told["note"], "what was noted is about the person, so it is theirs (GDPR Art. 15)"
    assert "does not exist" not in visitor.get().get_data(as_text=True)
    young = visitor.post("/correct", **(fields | {"birth_date": "2020-01-01"}))
    assert young.status_code == 422
    assert visitor.post("/correct", **(fields | {"email": "eve@example.net"})).status_code == 302
    assert own(town, visitor).details.email == visitor.email


@pytest.mark.promise("C1")
def test_a_holder_takes_everything_along(visitor: Visitor) -> None:
    visitor.enter()
    answer = visitor.get("/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.json is not None
    assert answer.json["registration"]["last_name"] == "Canary"
    assert len(answer.json["agreements"]) == 3
    assert "password" not in answer.get_data(as_text=True)


@pytest.mark.promise("C9")
def test_who_deletes_the_account_is_out_at_once_and_may_come_again(
    town: Town, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.enter()
    elsewhere = Visitor(town, visitor.tenant, visitor.form, name=visitor.name)
    elsewhere.sign_in()
    last = date(clock.now().year + 4, 1, 1)
    until = speech("en").day(last)
    assert until in visitor.get("/closing").get_data(as_text=True)
    assert visitor.post("/closing", password="wrong wrong wrong").status_code == 422
    gone = visitor.post("/closing", password=PASSWORD)
    assert gone.status_code == 200
    assert until in gone.get_data(as_text=True)
    for one in (visitor, elsewhere):
        assert one.get().headers["Location"].endswith("/sign-in")
    assert visitor.sign_in().status_code == 401
    assert until in visitor.mails()[0]
    with town.house.installation.superuser().connect() as connection:
        row = connection.execute(
            text(
                "SELECT email_digest, login_digest, password_sealed, ends_on FROM registrants "
                "WHERE state = 'closed' ORDER BY closed_at DESC LIMIT 1"
            )
        ).one()
    assert tuple(row)[:3] == (None, None, None)
    assert row.ends_on == last
    visitor.enter()
    assert own(town, visitor).state == "active"
    monkeypatch.setattr(clock, "_offset", timedelta(days=5 * 366))
    with town.desk.tenant(visitor.tenant) as work:
        assert sweep_registrations(work) >= 1
        assert sweep_registrations(work) == 0


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", ("Täytä tämä kenttä.", "väärä", "Vahvista", "Hei,", "tammikuuta", "linkki")),
        ("sv", ("Fyll i det här fältet.", "är fel", "Bekräfta", "Hej,", "januari", "Länken")),
        ("de", ("Füllen Sie", "ist falsch", "Bestätigen", "Guten Tag,", "Januar", "Dieser Link")),
    ],
)
def test_pages_complaints_letters_and_days_are_in_the_forms_language(
    town: Town, sellers: uuid.UUID, language: str, said: tuple[str, ...]
) -> None:
    visitor = Visitor(town, sellers, new_registration_form(town, sellers, language=language))
    required, wrong, subject, greeting, month, link = said
    refused = visitor.register(first_name="").get_data(as_text=True)
    assert required in refused
    assert "Fill in" not in refused
    assert visitor.register().status_code == 200
    assert subject in visitor.mails()[0]
    assert greeting in visitor.mails()[0]
    path = visitor.link()
    assert visitor.confirm().status_code == 200
    again = visitor.client.get(path)
    assert again.status_code == 410
    assert link in again.get_data(as_text=True)
    assert wrong in visitor.sign_in("wrong wrong wrong").get_data(as_text=True)
    assert visitor.sign_in().status_code == 302
    assert month in visitor.get("/closing").get_data(as_text=True)
    assert wrong in visitor.post("/closing", password="wrong wrong").get_data(as_text=True)
    assert visitor.post("/closing", password=PASSWORD).status_code == 200
    assert month in visitor.mails()[0]


@pytest.mark.promise("B4")
def test_what_nobody_confirms_is_gone(
    town: Town, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.register()
    path = visitor.link()
    monkeypatch.setattr(clock, "_offset", timedelta(days=3))
    with town.desk.tenant(visitor.tenant) as work:
        assert sweep_registrations(work) >= 1
    assert visitor.client.get(path).status_code == 410


def test_a_new_password_ends_all_sessions(visitor: Visitor) -> None:
    visitor.enter()
    other = Visitor(visitor.town, visitor.tenant, visitor.form, name=visitor.name)
    other.post("/forgotten", who=visitor.email)
    path = other.link().removeprefix(f"/account/{visitor.form.key}")
    assert other.get(path).status_code == 200
    assert other.post(path, password="weak").status_code == 422
    assert other.post(path, password="pebble violin turnip dusk").status_code == 200
    assert other.get(path).status_code == 410
    assert visitor.get().status_code == 302
    assert visitor.sign_in().status_code == 401
    assert visitor.sign_in("pebble violin turnip dusk").status_code == 302


@pytest.mark.attack(33)
def test_changes_need_a_form_token(visitor: Visitor) -> None:
    visitor.enter()
    for path in ("/correct", "/closing", "/sign-out"):
        answer = visitor.client.post(f"/account/{visitor.form.key}{path}", data={"password": "x"})
        assert answer.status_code == 400, path
    assert visitor.get().status_code == 200


@pytest.mark.attack(30)
@pytest.mark.attack(34)
def test_an_account_opens_itself_and_nothing_else(town: Town, visitor: Visitor) -> None:
    """Not the console, not the API, not another tenant's pages; and nobody's session opens it."""
    visitor.enter()
    for path in ("/overview", "/inquiries", "/people", "/me"):
        assert visitor.client.get(path).headers["Location"] == "/sign-in"
    assert visitor.client.get("/api/v1/me").status_code == 401
    with town.desk.tenant(town.charlies) as work:
        work.connection.exec_driver_sql("UPDATE tenants SET services = '{T,V}'")
    his = new_registration_form(town, town.charlies)
    assert visitor.client.get(f"/account/{his.key}").status_code == 302
    staff = town.browser(town.alice)
    assert staff.get(f"/account/{visitor.form.key}").status_code == 302
    assert registrations(town, town.charlies) == []


@pytest.mark.promise("F2")
def test_nothing_of_it_lies_there_in_the_clear(town: Town, visitor: Visitor) -> None:
    visitor.enter()
    tables = ("registrants", "registrant_sessions", "registrant_links", "registrant_agreements")
    cookie = visitor.client.get_cookie("silta_account")
    assert cookie is not None
    with town.house.installation.superuser().connect() as connection:
        for table in (*tables, "registration_checks", "ledger_events", "mails"):
            rows = str(connection.execute(text(f"SELECT t::text FROM {table} t")).all())
            for word in ("Canary", visitor.name, PASSWORD, "127.0.0.1", cookie.value):
                assert word not in rows, (table, word)
                assert word.encode().hex() not in rows, (table, word)


@pytest.mark.promise("A14")
def test_staff_check_what_was_registered(town: Town, visitor: Visitor) -> None:
    visitor.enter()
    view = own(town, visitor)
    agent = town.browser(town.person("anna", Role.AGENT, visitor.tenant))
    path = f"/registrations/{view.id}"
    assert visitor.email in agent.get("/registrations?check=unchecked").get_data(as_text=True)
    page = agent.get(path).get_data(as_text=True)
    assert "Canary" in page
    assert "Conditions, version 2026-01" in page
    without = agent.post(f"{path}/check", method="letter", outcome="asked", note="")
    assert without.status_code == 422
    asked = agent.post(f"{path}/check", method="letter", outcome="asked", note="Which street?")
    assert asked.status_code == 302
    assert f"/account/{visitor.form.key}/sign-in" in visitor.mails()[0]
    assert "Which street?" in visitor.mails()[0]
    agent.post(f"{path}/check", method="public_register", outcome="right", note="")
    after = own(town, visitor)
    assert [(one.method, one.outcome) for one in after.checks] == [
        ("letter", "asked"),
        ("public_register", "right"),
    ]
    charlie = town.browser(town.charlie)
    assert charlie.get(path).status_code == 404
    assert charlie.post(f"{path}/check", method="letter", outcome="right").status_code == 404
    assert visitor.post("/closing", password=PASSWORD).status_code == 200
    with town.house.installation.superuser().connect() as connection:
        left = text("SELECT count(*) FROM registration_checks WHERE registrant_id = :r")
        assert connection.execute(left, {"r": view.id}).scalar_one() == 0


@pytest.mark.promise("E3")
def test_a_domain_owners_document_goes_to_the_registrar_with_an_entry(
    town: Town, visitor: Visitor
) -> None:
    visitor.enter()
    owner, use = own(town, visitor).id, DocumentUse.DOMAIN_TRANSFER
    with town.desk.tenant(visitor.tenant) as work:
        ring, scan = town.desk.ring, b"%PDF-1.7 passport"
        made = take_document(work, ring, registrant_id=owner, use=use, content=scan)
    agent = town.browser(town.person("arne", Role.AGENT, visitor.tenant))
    path = f"/registrations/{owner}"
    assert "It goes to the registrar" in agent.get(path).get_data(as_text=True)
    hand_on = f"{path}/documents/{made}/registrar"
    assert town.browser(town.charlie).post(hand_on, recipient="x").status_code == 404
    agent.post(hand_on, recipient="", reference="example.test")
    assert "Say which registrar gets it" in agent.get(path).get_data(as_text=True)
    agent.post(hand_on, recipient="Registrar AG", reference="example.test", contact="")
    assert "In the register of disclosures" in agent.get(path).get_data(as_text=True)
    with town.desk.tenant(visitor.tenant) as work:
        (entry,) = list_disclosures(work, town.desk.ring)
    assert entry.recipient == "Registrar AG"


def test_a_closed_form_registers_nobody_and_lets_its_holders_in(
    town: Town, visitor: Visitor
) -> None:
    visitor.enter()
    with town.desk.tenant(visitor.tenant) as work:
        close_form(work, form_id=visitor.form.id)
    assert visitor.get().status_code == 200
    assert visitor.sign_in().status_code == 302
    assert visitor.client.get(f"/f/{visitor.form.key}/register").status_code == 404


@pytest.mark.attack(28)
def test_nobody_opens_what_a_stranger_began_with_their_address(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNPROVED", Policy("form-unproved", 100, 3600))
    assert visitor.register().status_code == 200
    # A stranger registers the same address, before its owner has looked into the mailbox.
    theirs = "stranger chose another one"
    assert visitor.register(login=f"x-{visitor.name}", password=theirs).status_code == 200
    assert visitor.confirm().status_code == 422
    assert visitor.sign_in(theirs).status_code == 401, "the account is not open"
    assert visitor.register().status_code == 200
    assert "Your account is open" in visitor.confirm().get_data(as_text=True)
    assert visitor.sign_in(theirs).status_code == 401
    assert visitor.sign_in().status_code == 302


@pytest.mark.attack(25)
def test_an_open_session_is_no_way_to_guess_the_password(visitor: Visitor) -> None:
    visitor.enter()
    visitor.get("/closing")
    told = [visitor.post("/closing", password=f"guess {n}").status_code for n in range(12)]
    assert told[0] == 422
    assert told[-1] == 429
    assert visitor.post("/closing", password=PASSWORD).status_code == 429, "it is not looked at"
    assert visitor.get().status_code == 200, "the session goes on"
