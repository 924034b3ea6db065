"""Archives for the operator, ended days for everybody else."""

from sqlalchemy import text

from connector.http.figures import InstallationFigures
from tests.functional.console.town import Town

_ROWS = (
    "INSERT INTO backup_archives (id, state, number, began_at, snapshot_at, ended_at, size, parts, "
    "row_count, keep_until) VALUES (gen_random_uuid(), 'whole', 7, now() - interval '3 hours', "
    "now() - interval '3 hours', now() - interval '2 hours', 12345678, 2, 4321, "
    "now() + interval '32 days'), "
    "(gen_random_uuid(), 'failed', NULL, now() - interval '30 hours', NULL, "
    "now() - interval '30 hours', NULL, NULL, NULL, NULL)",
    "INSERT INTO backup_drills (id, archive_id, state, began_at, ended_at, row_count, "
    "values_opened) SELECT gen_random_uuid(), id, 'passed', now() - interval '1 hour', "
    "now() - interval '59 minutes', 4321, 55 FROM backup_archives WHERE number = 7",
    "INSERT INTO backup_alerts VALUES ('drill_overdue', now(), now())",
    "INSERT INTO key_destructions SELECT :alice, decode('abababababababab', 'hex'), 'day', 'T', "
    "'calls', current_date - 30, 1, now() - interval '2 hours', 'retention'",
    "INSERT INTO key_epochs VALUES (99, 'ended', false, now() - interval '1 day', "
    "now() - interval '1 hour')",
)


def test_the_operator_sees_archives_and_a_tenant_its_ended_days(town: Town) -> None:
    with town.house.installation.superuser().begin() as connection:
        for statement in _ROWS:
            given = {"alice": str(town.alices)} if ":alice" in statement else {}
            connection.execute(text(statement), given)
    told = {
        (one.name, *one.labels.values()): one.value
        for metric in InstallationFigures(town.house.installation.engines).collect()
        for one in metric.samples
    }
    assert 3 * 3600 <= told[("silta_archive_age_seconds",)] < 3 * 3600 + 60
    assert told[("silta_backup_alert", "drill_overdue")] == 1
    assert told[("silta_backup_alert", "escrow_lost")] == 0
    operator = town.browser(town.operator)
    page = operator.get("/backups").get_data(as_text=True)
    for said in ("12.3 MB", "3 hours ago", "Failed", "In a drill", "1 min 0 s", "No drill has"):
        assert said in page, said
    assert page.count('<g class="day">') == 1
    answer = operator.post("/backups/run")
    assert answer.status_code == 302
    alice = town.browser(town.alice)
    assert alice.get("/backups").status_code == 403
    page = alice.get("/ended-days").get_data(as_text=True)
    assert "Calls, Moontalk Connector" in page
    assert "on " in page
    charlie = town.browser(town.charlie)
    assert "No day has ended" in charlie.get("/ended-days").get_data(as_text=True)
