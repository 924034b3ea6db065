"""`silta certificate verify`: offline, by the public key alone."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobs.commands.certificates import certificate
from privacy.subjects.views import view_request
from privacy.subjects.words import RequestKind
from tests.database.subjects.people import Rights
from tests.tenancies import House


@pytest.mark.promise("C2")
def test_a_certificate_is_checked_by_the_public_key_alone(house: House, tmp_path: Path) -> None:
    rights = Rights(house, house.alice)
    made = rights.done(RequestKind.ERASURE)
    with rights.tenant.work() as work:
        view = view_request(work, rights.tenant.vault, request_id=made.id)
    file = tmp_path / "certificate.json"
    file.write_text(view.certificate or "")
    command = ["verify", str(file), "--identity", str(rights.signer.identity), "--json"]
    right = CliRunner().invoke(certificate, command)
    assert right.exit_code == 0, right.output
    assert json.loads(right.stdout)["reference"] == made.reference
    file.write_text((view.certificate or "").replace(made.reference, "R-AAAA-BBBB"))
    wrong = CliRunner().invoke(certificate, command)
    assert wrong.exit_code == 1
    assert json.loads(wrong.stdout) == {"valid": False}
