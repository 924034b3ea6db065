"""Connections: units of work and the vault inside them never wait for each other in a ring."""

import threading
from concurrent.futures import ThreadPoolExecutor

from jobs.installation import Installation as Process
from privacy.core.db.engine import make_engine
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.ids import new_id
from privacy.vault.creations import create_tenant_keys
from privacy.vault.custody import make_custody
from privacy.vault.foundings import found_ring
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning
from tests.installations import Installation

THREADS = 8


def test_a_process_gives_its_ring_a_pool_of_its_own(installation: Installation) -> None:
    process = Process(installation.settings)
    assert process.vault._access._engine is not process.engines.app
    process.close()


def test_threads_that_hold_every_connection_still_get_their_keys(
    installation: Installation,
) -> None:
    """Eight transactions are open, no connection is left, and each wants a key that is new."""
    custody = make_custody(installation.settings)
    found_ring(installation.engines.keeper, custody)
    url = installation.settings.database_url.get_secret_value()
    app = make_engine(url, pooled=THREADS, most=THREADS)
    own = make_engine(url, pooled=1, most=1)
    ring, together = Keyring(own, custody), threading.Barrier(THREADS, timeout=20)
    tenants = [new_id() for _ in range(THREADS)]
    for tenant in tenants:
        create_tenant_keys(app, custody, tenant)

    def seal(number: int) -> int:
        tenant = tenants[number]
        with unit_of_work(app, tenant_id=tenant, actor=SYSTEM) as work:
            together.wait()
            meaning = Meaning("text", tenant, "texts", tenant, "sealed")
            ring.day_key(work, service="T", data="calls", day=work.today)
            return len(ring.seal(work, Scope.SETTINGS, meaning, b"text"))

    with ThreadPoolExecutor(THREADS) as threads:
        assert all(threads.map(seal, range(THREADS), timeout=30))
    app.dispose()
    own.dispose()
