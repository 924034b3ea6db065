"""One effect for each Idempotency-Key, whoever repeats it and however many at once."""

import hashlib
import hmac
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from connector.idempotency.errors import BadKey, InProgress, KeyReused
from connector.idempotency.forget_expired import forget_expired
from connector.idempotency.run_once import Answer, Request, run_once
from privacy.core.db.work import Actor, ActorKind, UnitOfWork, unit_of_work
from privacy.core.ids import new_id
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from tests.installations import Installation

ALICE = uuid.UUID("0198c0de-0000-7000-8000-0000000000a1")
CHARLIE = uuid.UUID("0198c0de-0000-7000-8000-0000000000c1")
ACTOR = Actor(ActorKind.API_KEY, new_id())


def keyed(message: bytes) -> bytes:
    return hmac.digest(b"a tenant's key", message, hashlib.sha256)


def post(
    installation: Installation,
    *,
    key: str = "k-1",
    body: bytes = b"[]",
    tenant: uuid.UUID = ALICE,
    actor: Actor = ACTOR,
    between: Callable[[], None] = lambda: None,
) -> Answer:
    """A request whose effect is one outbox row."""

    def effect(work: UnitOfWork) -> Answer:
        enqueue(work, name=JobName.POSTS_RECORD)
        between()
        return Answer(200, b'{"accepted":1}')

    with unit_of_work(installation.engines.app, tenant_id=tenant, actor=actor) as work:
        request = Request(key, "api.post_calls", "application/json", body)
        return run_once(work, request=request, keyed=keyed, effect=lambda: effect(work))


def test_repeated_request_is_answered_alike_and_does_nothing(installation: Installation) -> None:
    first, second = post(installation), post(installation)
    assert (first.replayed, second.replayed) == (False, True)
    assert (first.status, first.body) == (second.status, second.body)
    assert installation.count("outbox_jobs") == 1


def test_other_content_under_the_same_key_is_refused(installation: Installation) -> None:
    post(installation)
    with pytest.raises(KeyReused):
        post(installation, body=b"[{}]")
    assert installation.count("outbox_jobs") == 1


def test_tenants_and_keys_do_not_share_their_keys(installation: Installation) -> None:
    post(installation)
    assert not post(installation, tenant=CHARLIE, body=b"[{}]").replayed
    other = Actor(ActorKind.API_KEY, new_id())
    assert not post(installation, actor=other, body=b"[{}]").replayed


@pytest.mark.parametrize("key", ["", "a b", "ä", "x" * 256, "a\n"])
def test_unusable_keys_are_refused(installation: Installation, key: str) -> None:
    with pytest.raises(BadKey):
        post(installation, key=key)


def test_a_second_try_while_the_first_one_runs_is_told_so(installation: Installation) -> None:
    running, done = threading.Event(), threading.Event()

    def wait() -> None:
        running.set()
        assert done.wait(10)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, installation, between=wait)
        assert running.wait(10)
        with pytest.raises(InProgress):
            post(installation)
        done.set()
        assert first.result(10).status == 200
    assert post(installation).replayed


def test_a_failed_effect_leaves_the_key_free(installation: Installation) -> None:
    def fail() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        post(installation, between=fail)
    assert installation.count("outbox_jobs") == 0
    assert not post(installation).replayed


@pytest.mark.attack(44)
def test_many_at_once_have_one_effect(installation: Installation) -> None:
    gate = threading.Barrier(12)

    def attempt(_: int) -> Answer | None:
        gate.wait(10)
        try:
            return post(installation)
        except InProgress:
            return None

    with ThreadPoolExecutor(12) as pool:
        answers = [answer for answer in pool.map(attempt, range(12)) if answer]
    assert [answer.replayed for answer in answers].count(False) == 1
    assert installation.count("outbox_jobs") == 1


def test_answers_are_forgotten_after_a_day(installation: Installation) -> None:
    post(installation)
    _age(installation)
    assert not post(installation, body=b"[1]").replayed, "an expired answer gives way"
    _age(installation)
    with unit_of_work(installation.engines.app, tenant_id=ALICE, actor=ACTOR) as work:
        assert forget_expired(work) == 1
    assert installation.count("idempotent_answers") == 0


def test_keys_and_bodies_are_kept_as_keyed_digests_only(installation: Installation) -> None:
    post(installation, key="+12025550143", body=b'[{"caller":"+12025550143"}]')
    with installation.superuser().connect() as connection:
        row = connection.execute(text("SELECT t::text FROM idempotent_answers t")).scalar_one()
    for sent in (b"+12025550143", b'[{"caller":"+12025550143"}]'):
        assert sent.hex() not in row
        assert hashlib.sha256(sent).hexdigest() not in row


def _age(installation: Installation) -> None:
    with installation.superuser().begin() as connection:
        connection.execute(
            text("UPDATE idempotent_answers SET expires_at = expires_at - interval '25 hours'")
        )
