"""Fields of one's own: declared, filled in and ended in the console and over the API."""

import re
from typing import Any

import pytest

from connector.contacts.write import Entry, create_contact
from connector.synced.shapes import Contact
from tenants.api_keys.create import create_api_key
from tenants.permissions import Permission
from tests.functional.console.town import Town

METER: dict[str, Any] = {
    "about": "contact",
    "label": "Meter number",
    "key": "meter_number",
    "type": "text",
    "words": "",
    "purpose": "delivery",
    "basis": "contract",
    "days": "90",
}


@pytest.mark.promise("A11")
def test_a_field_from_its_declaration_to_its_end(town: Town) -> None:
    browser = town.browser(town.alice)
    with town.desk.tenant(town.alices) as work:
        robin = Entry(Contact(name="Robin Example", emails=("robin@example.com",)))
        contact_id = create_contact(work, vault=town.desk.ring, entry=robin)
        scopes = [Permission.CONTACTS_READ, Permission.CONTACTS_WRITE]
        made = create_api_key(town.desk.ring, work, name="reader", scopes=scopes)
    assert "No field of your own" in browser.get("/fields").get_data(as_text=True)
    browser.get("/fields/add")
    wrong = browser.post("/fields/add", **(METER | {"key": "Meter Number"}))
    assert wrong.status_code == 422
    assert "small letters" in wrong.get_data(as_text=True)
    assert browser.post("/fields/add", **METER).status_code == 302
    assert browser.post("/fields/add", **METER).status_code == 409
    listed = browser.get("/fields").get_data(as_text=True)
    for words in ("Meter number", "Delivery of the service", "GDPR Art. 6(1)(b)", "90 days"):
        assert words in listed

    kind = {"key": "size", "label": "Size", "type": "choice", "words": "small\nlarge"}
    size = METER | kind | {"about": "inquiry"}
    assert browser.post("/fields/add", **size, words_fi="pieni\niso\nvaltava").status_code == 422
    assert browser.post("/fields/add", **size, words_fi="\niso").status_code == 302
    assert "fi: small, iso" in browser.get("/fields").get_data(as_text=True)

    found = re.search(r"/fields/([0-9a-f-]{36})/names", listed)
    assert found is not None
    assert browser.post(found[0], label="Meter number", label_fi="x" * 81).status_code == 422
    assert browser.post(found[0], label="Meter number", label_fi="Mittari").status_code == 302
    assert "fi: Mittari" in browser.get("/fields").get_data(as_text=True)
    assert town.browser(town.charlie).get(found[0]).status_code == 404
    assert town.browser(town.agent).get(found[0]).status_code == 403

    path = f"/fields/contacts/{contact_id}"
    assert "kept for 90 days" in browser.get(path).get_data(as_text=True)
    assert browser.post(path, meter_number="4111 1111 1111 1111").status_code == 422
    assert browser.post(path, meter_number="FI-4711").status_code == 302
    shown = browser.get(f"/contacts/{contact_id}").get_data(as_text=True)
    assert "FI-4711" in shown
    assert "Fields of your own" in shown
    assert browser.post(path, shoe_size="44").status_code == 400, "no field of the form"
    assert town.browser(town.charlie).get(path).status_code == 404
    assert town.browser(town.auditor).get(path).status_code == 403
    assert town.browser(town.agent).get("/fields/add").status_code == 403

    client, key = town.app.test_client(), {"Authorization": f"Bearer {made.text}"}
    api = f"/api/v1/contacts/{contact_id}/fields"
    assert client.get(api, headers=key).get_json()["fields"][0]["value"] == "FI-4711"
    answer = client.patch(api, json={"values": {"meter_number": "FI-4712"}}, headers=key)
    assert answer.get_json()["fields"][0]["value"] == "FI-4712"
    refused = client.patch(api, json={"values": {"shoe_size": "size forty-four"}}, headers=key)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "not_declared")
    assert "forty-four" not in refused.get_data(as_text=True)

    ended = re.search(r'action="(/fields/[0-9a-f-]{36}/end)"', listed)
    assert ended is not None
    assert browser.post(ended[1]).status_code == 302
    assert "1 values were erased" in browser.get("/fields").get_data(as_text=True)
    assert client.get(api, headers=key).get_json() == {"fields": []}
