"""A database administrator edits, deletes, reorders, truncates, forks: verification says where."""

import shutil
import uuid
from pathlib import Path

import pytest
from sqlalchemy import text

from privacy.core.errors import Misconfigured
from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.commitments import commit, opens
from privacy.ledger.encoding import StoredEvent, event_digest, genesis, link_digest
from privacy.ledger.events import Event
from privacy.ledger.findings import Problem
from privacy.ledger.record import record
from privacy.ledger.signing import Identity, load_identity, load_signer
from privacy.ledger.verify import verify
from tests.database.ledger.ledgers import ALICE, BRUNO, Ledger, make_ledger, mask

LENGTH = 9
VICTIM = 4

_EVENT = (
    "UPDATE ledger_events e SET {change} FROM ledger_links l "
    "WHERE l.position = :at AND l.event_id = e.id"
)
_LINK = "UPDATE ledger_links SET {change} WHERE position = :at"


@pytest.fixture
def events(ledger: Ledger) -> list[uuid.UUID]:
    """A chain that is signed and anchored at 3, 6 and 9."""
    made = []
    for _ in range(3):
        made += ledger.record(3)
        ledger.sequence()
    assert ledger.verify().intact
    return made


@pytest.mark.attack(57)
@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "event = 'console:user:signed_out'",
        "actor_kind = 'system'",
        "actor_id = NULL",
        "actor_id = gen_random_uuid()",
        "subject = 'other'",
        "subject = NULL",
        "facts = facts || '{\"count\": 99}'",
        "facts = '{}'",
        "facts = '[1]'",
        "facts = jsonb_set(facts, '{live}', '\"b1\"')",
        "facts = jsonb_set(facts, '{count}', '3.5')",
        "facts = facts || '{\"more\": 1}'",
        "commitment = '\\x00'",
    ],
)
def test_every_column_of_an_event_is_under_the_chain(
    ledger: Ledger, events: list[uuid.UUID], change: str
) -> None:
    assert ledger.tamper(_EVENT.format(change=change), at=VICTIM) == 1
    first = ledger.verify().first
    assert first is not None
    assert first.problem is Problem.EDITED_EVENT
    assert (first.position, first.event_id) == (VICTIM, events[VICTIM - 1])


@pytest.mark.attack(57)
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("digest = sha256(digest)", Problem.EDITED_LINK),
        ("previous = sha256(previous)", Problem.WRONG_PREVIOUS),
        ("event_digest = sha256(event_digest)", Problem.EDITED_EVENT),
        ("event_id = gen_random_uuid()", Problem.DELETED_EVENT),
        ("position = 100", Problem.MISSING_LINK),
    ],
)
def test_every_column_of_a_link_is_under_the_chain(
    ledger: Ledger, events: list[uuid.UUID], change: str, problem: Problem
) -> None:
    ledger.tamper(_LINK.format(change=change), at=VICTIM)
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (problem, VICTIM)


@pytest.mark.attack(57)
@pytest.mark.parametrize("position", range(1, LENGTH + 1))
def test_a_mutation_is_named_by_its_index(
    ledger: Ledger, events: list[uuid.UUID], position: int
) -> None:
    ledger.tamper(_EVENT.format(change="facts = '{}'"), at=position)
    first = ledger.verify().first
    assert first is not None
    assert first.position == position


@pytest.mark.attack(57)
def test_a_deleted_event_is_named(ledger: Ledger, events: list[uuid.UUID]) -> None:
    ledger.tamper("DELETE FROM ledger_events WHERE id = :id", id=events[VICTIM - 1])
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.event_id) == (Problem.DELETED_EVENT, events[VICTIM - 1])


@pytest.mark.attack(57)
def test_a_deleted_event_with_its_link_is_named(ledger: Ledger, events: list[uuid.UUID]) -> None:
    ledger.tamper("DELETE FROM ledger_events WHERE id = :id", id=events[VICTIM - 1])
    ledger.tamper("DELETE FROM ledger_links WHERE position = :at", at=VICTIM)
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (Problem.MISSING_LINK, VICTIM)


@pytest.mark.attack(57)
def test_reordered_links_are_named(ledger: Ledger, events: list[uuid.UUID]) -> None:
    for old, new in ((4, -4), (5, 4), (-4, 5)):
        ledger.tamper("UPDATE ledger_links SET position = :n WHERE position = :o", o=old, n=new)
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (Problem.REORDERED, 4)


@pytest.mark.attack(57)
def test_an_event_put_in_behind_the_sequencers_back_is_named(
    ledger: Ledger, events: list[uuid.UUID]
) -> None:
    extra = uuid.uuid4()
    ledger.tamper(
        "INSERT INTO ledger_events (tenant_id, id, at, event, actor_kind, facts) "
        "VALUES (:tenant, :id, now(), 'console:user:signed_in', 'user', '{}')",
        tenant=ALICE,
        id=extra,
    )
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.event_id) == (Problem.UNCHAINED_EVENT, extra)


@pytest.mark.attack(57)
def test_an_event_deleted_while_it_waits_leaves_its_mark(ledger: Ledger) -> None:
    (event_id,) = ledger.record(1)
    ledger.tamper("DELETE FROM ledger_events")
    assert ledger.sequence() == 0
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.event_id) == (Problem.STRAY_MARK, event_id)


def _keep(ledger: Ledger, statement: str) -> list[dict[str, object]]:
    with ledger.superuser() as connection:
        return [dict(row) for row in connection.execute(text(statement)).mappings()]


@pytest.mark.attack(58)
def test_a_truncated_chain_with_its_old_head_is_noticed(ledger: Ledger) -> None:
    ledger.record(3)
    ledger.sequence()
    (old,) = _keep(ledger, "SELECT * FROM ledger_heads")
    ledger.record(3)
    ledger.sequence()
    _cut(ledger, old)
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (Problem.TRUNCATED, 4)
    ledger.record(1)
    assert ledger.sequence() == 0  # nothing is built on a chain that was cut
    assert ledger.verify().pending == 1


def _cut(ledger: Ledger, head: dict[str, object]) -> None:
    """Make the database what it was when `head` was signed."""
    ledger.tamper(
        "DELETE FROM ledger_events USING ledger_links l WHERE l.event_id = id AND l.position > :p",
        p=head["position"],
    )
    ledger.tamper("DELETE FROM ledger_links WHERE position > :p", p=head["position"])
    ledger.tamper(
        "UPDATE ledger_heads SET position = :position, digest = :digest, "
        "signed_at = :signed_at, signature = :signature, anchored = :anchored",
        **{name: value for name, value in head.items() if name != "tenant_id"},
    )


@pytest.mark.attack(58)
def test_a_chain_that_was_cut_and_grew_anew_is_a_fork(ledger: Ledger) -> None:
    """The administrator has even the sequencer's help: it runs on a copy with other anchors."""
    ledger.record(3)
    ledger.sequence()
    (old,) = _keep(ledger, "SELECT * FROM ledger_heads")
    ledger.record(3)
    ledger.sequence()
    _cut(ledger, old)
    anchors = ledger.installation.settings.anchor_folder
    shutil.move(anchors, anchors.with_name("real"))
    ledger.anchors = DirectoryAnchors(anchors)
    ledger.record(5)
    assert ledger.sequence() == 5
    assert ledger.verify().intact  # by the false anchors
    shutil.rmtree(anchors)
    shutil.move(anchors.with_name("real"), anchors)
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (Problem.FORKED, 6)


@pytest.mark.attack(58)
def test_lost_anchors_are_missed(ledger: Ledger, events: list[uuid.UUID]) -> None:
    shutil.rmtree(ledger.installation.settings.anchor_folder)
    (found,) = ledger.verify().findings
    assert (found.problem, found.position) == (Problem.ANCHOR_LOST, LENGTH)


@pytest.mark.attack(58)
def test_everything_gone_is_noticed_by_the_anchors_alone(
    ledger: Ledger, events: list[uuid.UUID]
) -> None:
    ledger.tamper("TRUNCATE ledger_events, ledger_links, ledger_heads, ledger_pending")
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (Problem.TRUNCATED, 1)
    ledger.record(1)
    assert ledger.sequence() == 0


@pytest.mark.attack(57)
@pytest.mark.attack(58)
def test_a_chain_recomputed_by_who_knows_the_method_lacks_the_signature(
    ledger: Ledger, events: list[uuid.UUID]
) -> None:
    ledger.tamper(_EVENT.format(change="facts = '{}'"), at=VICTIM)
    _recompute(ledger)
    problems = {found.problem for found in ledger.verify().findings}
    assert problems == {Problem.FORKED, Problem.BAD_SIGNATURE}
    assert ledger.verify().first == ledger.verify().findings[0]
    assert ledger.verify().findings[0].position == 6  # the first anchor behind the edit


def _recompute(ledger: Ledger) -> None:
    origin = ledger.signer.identity.origin
    previous = genesis(origin, ALICE)
    rows = _keep(
        ledger,
        "SELECT e.tenant_id, e.id, e.at, e.event, e.actor_kind, e.actor_id, e.subject, e.facts, "
        "e.commitment FROM ledger_links l JOIN ledger_events e ON e.id = l.event_id "
        "ORDER BY l.position",
    )
    for position, row in enumerate(rows, 1):
        inner = event_digest(origin, StoredEvent(**row))  # type: ignore[arg-type]
        digest = link_digest(origin, ALICE, position, inner, previous)
        ledger.tamper(
            _LINK.format(change="event_digest = :inner, previous = :previous, digest = :digest"),
            at=position,
            inner=inner,
            previous=previous,
            digest=digest,
        )
        previous = digest
    ledger.tamper("UPDATE ledger_heads SET digest = :digest", digest=previous)


@pytest.mark.attack(57)
@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE ledger_heads SET signature = sha512(signature)", Problem.BAD_SIGNATURE),
        ("UPDATE ledger_heads SET signed_at = signed_at + '1 s'", Problem.BAD_SIGNATURE),
        ("UPDATE ledger_heads SET position = position + 1", Problem.BAD_SIGNATURE),
        ("DELETE FROM ledger_heads", Problem.MISSING_HEAD),
    ],
)
def test_the_head_is_watched_too(
    ledger: Ledger, events: list[uuid.UUID], statement: str, problem: Problem
) -> None:
    ledger.tamper(statement)
    first = ledger.verify().first
    assert first is not None
    assert first.problem is problem
    ledger.record(1)
    assert ledger.sequence() == 0


def test_one_broken_tenant_stops_no_other(ledger: Ledger) -> None:
    ledger.record(2, ALICE)
    ledger.record(2, BRUNO)
    ledger.sequence()
    ledger.tamper("DELETE FROM ledger_heads WHERE tenant_id = :tenant", tenant=ALICE)
    ledger.record(5, ALICE)
    ledger.record(2, BRUNO)
    assert ledger.sequence(limit=3) == 2
    reports = ledger.reports()
    assert reports[BRUNO].intact
    assert reports[BRUNO].links == 4
    assert reports[ALICE].pending == 5


@pytest.mark.attack(57)
def test_a_chain_moved_to_another_tenant_does_not_verify(
    ledger: Ledger, events: list[uuid.UUID]
) -> None:
    for table in ("ledger_events", "ledger_links", "ledger_heads"):
        ledger.tamper(f"UPDATE {table} SET tenant_id = :new", new=BRUNO)
    reports = ledger.reports()
    firsts = {tenant: report.findings[0] for tenant, report in reports.items()}
    assert firsts[ALICE].problem is Problem.TRUNCATED
    assert firsts[BRUNO].position == 1


@pytest.mark.attack(59)
def test_another_installations_ledger_is_not_ours(
    ledger: Ledger, events: list[uuid.UUID], tmp_path: Path
) -> None:
    """Key, database and anchors exchanged together: the pinned identity remains."""
    pinned = str(ledger.signer.identity)
    stranger = load_signer(tmp_path / "stranger", wrap=mask, unwrap=mask, pinned=None)
    folder = ledger.installation.settings.keys_folder
    for name in ("ledger-signing.key", "ledger-signing.pub"):
        shutil.copy(tmp_path / "stranger" / name, folder / name)
    with pytest.raises(Misconfigured):
        load_signer(folder, wrap=mask, unwrap=mask, pinned=pinned)
    with pytest.raises(Misconfigured):
        load_identity(folder, pinned=pinned)
    for table in ("ledger_links", "ledger_heads"):
        ledger.tamper(f"TRUNCATE {table}")
    ledger.tamper(
        "INSERT INTO ledger_pending (tenant_id, event_id) SELECT tenant_id, id FROM ledger_events"
    )
    anchors = ledger.installation.settings.anchor_folder
    shutil.rmtree(anchors)
    forged = make_ledger(ledger.installation)
    assert forged.signer.identity == stranger.identity
    assert forged.sequence() == LENGTH
    assert forged.verify().intact  # by its own identity
    report = ledger.verify()  # by the pinned one
    assert not report.intact
    assert {found.problem for found in report.findings} >= {Problem.BAD_SIGNATURE}


@pytest.mark.attack(59)
def test_the_same_key_under_another_origin_does_not_verify(
    ledger: Ledger, events: list[uuid.UUID]
) -> None:
    other = Identity(bytes(16), ledger.signer.identity.public_key)
    with ledger.installation.engines.sequencer.connect() as connection:
        report = verify(connection, other, ledger.anchors, tenant_id=ALICE)
    assert not report.intact
    assert {found.problem for found in report.findings} >= {Problem.BAD_ANCHOR}


@pytest.mark.attack(60)
def test_erasure_leaves_the_proof_and_nothing_to_read(ledger: Ledger) -> None:
    """The day's key is destroyed; the chain verifies as before and tells nothing."""
    number = b"+12025550143"
    key: bytes | None = bytes(range(32))
    assert key is not None
    proof = commit(key, number)
    with ledger.work() as work:
        record(work, Event.CALLS_SEARCHED, facts={"hits": 3}, commitment=proof)
    ledger.record(2)
    ledger.sequence()
    with ledger.work() as work:
        kept = work.connection.execute(
            text("SELECT commitment FROM ledger_events WHERE commitment IS NOT NULL")
        ).scalar_one()
    assert opens(key, kept, number)
    assert not opens(key, kept, b"+12025550144")
    key = None  # destroyed with its day
    assert ledger.verify().intact
    with ledger.superuser() as connection:
        for table in ("ledger_events", "ledger_links", "ledger_heads", "ledger_pending"):
            stored = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            assert all(number.decode() not in row and number.hex() not in row for row in stored)


def test_a_report_can_be_a_document(ledger: Ledger, events: list[uuid.UUID]) -> None:
    ledger.tamper(_EVENT.format(change="facts = '{}'"), at=2)
    document = ledger.verify().as_dict()
    assert document["intact"] is False
    assert document["tenant_id"] == str(ALICE)
    assert document["findings"] == [
        {
            "problem": "edited_event",
            "position": 2,
            "event_id": str(events[1]),
            "message": "the event is not the one that was chained",
        }
    ]
