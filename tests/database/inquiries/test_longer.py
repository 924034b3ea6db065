"""Two years after the last message: asked once; yes keeps the contact, never the message (B2)."""

import re
import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from connector.inquiries.channels import Channel
from connector.inquiries.declared import read_fields
from connector.inquiries.erase import sweep_inquiries
from connector.inquiries.open import open_inquiry
from connector.inquiries.views import view_inquiry
from jobs.contexts import TaskContext
from jobs.tasks import checks as task
from privacy.consents.find import list_consents
from privacy.consents.purposes import ConsentPurpose
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import NotFound
from privacy.core.ids import new_id
from privacy.identities.shapes import Identity
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_letter
from tests.databases import Databases
from tests.functional.console.town import Town
from tests.installations import make_installation
from tests.servers import Servers
from tests.tenancies import House

pytestmark = pytest.mark.promise("B2")
_LINK = re.compile(r"https?://[^/]+(/privacy/\S+/keep/\S+)")


@pytest.fixture(scope="module")
def town(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Alice's tenant has Cloudvisor."""
    with databases.one() as name:
        made = make_installation(servers, name, tmp_path_factory.mktemp("longer"))
        town = Town(House(made))
        with made.superuser().begin() as connection:
            connection.execute(text("UPDATE tenants SET services = '{C}'"))
        yield town


def _inquiry(town: Town, name: str) -> uuid.UUID:
    with town.desk.tenant(town.alices) as work:
        asked = read_fields(
            "C", {"name": name, "email": f"{name}@example.com", "message": f"Secret of {name}"}
        )
        return open_inquiry(
            work, vault=town.desk.ring, service="C", channel=Channel.FORM, asked=asked
        ).id


def _age(town: Town, days: int) -> None:
    with town.house.installation.superuser().begin() as connection:
        connection.execute(
            text("UPDATE inquiries SET ends_on = current_date + CAST(:days AS integer)"),
            {"days": days},
        )


def _ask(town: Town) -> dict[str, str]:
    """Run the nightly job. Returns the page of each person's mail, by their name."""
    held = town.house.installation
    house: Any = SimpleNamespace(
        settings=held.settings, engines=held.engines, desk=town.desk, vault=town.desk.ring
    )
    task.ask(TaskContext(house, new_id(), INSTALLATION_ID, "inquiries.ask", 0, {}))
    pages = {}
    with town.desk.tenant(town.alices) as work:
        for mail in work.session.query(Mail).filter(Mail.kind == "inquiry_longer"):
            letter = open_letter(work, town.desk.ring, mail)
            found = _LINK.search(letter.body)
            assert found is not None
            assert "Secret" not in letter.body
            pages[letter.to.partition("@")[0]] = found[1]
    return pages


def test_the_person_is_asked_and_decides(town: Town) -> None:
    ids = {name: _inquiry(town, name) for name in ("yes", "no", "silent")}
    _age(town, 40)
    assert _ask(town) == {}, "not before its time"
    _age(town, 10)
    pages = _ask(town)
    assert set(pages) == set(ids)
    assert _ask(town) == pages, "once"
    client = town.app.test_client()
    for page in pages.values():
        shown = client.get(page)
        assert shown.status_code == 200
        assert "Set-Cookie" not in shown.headers
    assert client.head(pages["yes"]).status_code == 200
    assert client.post(pages["yes"], data={"answer": "maybe"}).status_code == 200
    with town.desk.tenant(town.alices) as work:
        thread = view_inquiry(work, vault=town.desk.ring, inquiry_id=ids["yes"])
        assert thread.head.ends_on > work.today, "nothing on GET"
    assert client.post(pages["yes"], data={"answer": "yes"}).status_code == 200
    assert client.post(pages["no"], data={"answer": "no"}).status_code == 200
    assert client.post(pages["yes"], data={"answer": "no"}).status_code == 404, "works once"
    guessed = pages["silent"][:-1] + ("A" if pages["silent"][-1] != "A" else "B")
    assert client.post(guessed, data={"answer": "no"}).status_code == 404
    _settled(town, ids)


def _settled(town: Town, ids: dict[str, uuid.UUID]) -> None:
    ring = town.desk.ring
    with town.desk.tenant(town.alices) as work:
        kept = view_inquiry(work, vault=ring, inquiry_id=ids["yes"])
        assert kept.head.contact.email == "yes@example.com"
        assert (kept.head.ends_on - work.today).days == 730
        (consent,) = list_consents(work, ring, who=Identity.email("yes@example.com"))
        assert consent.purpose is ConsentPurpose.LONGER_CONTACT
        with pytest.raises(NotFound):
            view_inquiry(work, vault=ring, inquiry_id=ids["no"])
        messages = text("SELECT count(*) FROM inquiry_messages WHERE inquiry_id = :id")
        assert work.connection.execute(messages, {"id": ids["yes"]}).scalar() == 0
        assert work.connection.execute(messages, {"id": ids["silent"]}).scalar() == 1
    with town.house.installation.superuser().begin() as connection:
        connection.execute(
            text("UPDATE inquiries SET ends_on = current_date WHERE id = :id"),
            {"id": ids["silent"]},
        )
    with town.desk.tenant(town.alices) as work:
        assert sweep_inquiries(work) == 1, "silence is erasure"
        with pytest.raises(NotFound):
            view_inquiry(work, vault=ring, inquiry_id=ids["silent"])
