"""What probes look at: this installation, from within one of its own processes."""

import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count

from flask.testing import FlaskClient
from sqlalchemy import MetaData

from connector.app import create_app
from jobs.contexts import House
from migrations.metadata import metadata
from migrations.run import head
from privacy.core.db.engine import Engines
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.settings import Settings
from privacy.promises.probes import Visited
from privacy.vault.custody import Custody
from privacy.vault.keyring import Keyring
from tenants.tenants.list import tenant_ids
from tenants.tenants.subscribed import subscribed_services


class LivePremises:
    """The installation of `house`. Pages are asked of an application made as each web process
    makes it, so nothing goes over a network, and no proxy before it is seen."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pages: dict[str, Visited] = {}
        self._visitors = count(2)

    @property
    def settings(self) -> Settings:
        """See privacy.promises.probes.Premises."""
        return self._house.settings

    @property
    def engines(self) -> Engines:
        """See privacy.promises.probes.Premises."""
        return self._house.engines

    @property
    def custody(self) -> Custody:
        """See privacy.promises.probes.Premises."""
        return self._house.custody

    @property
    def vault(self) -> Keyring:
        """See privacy.promises.probes.Premises."""
        return self._house.vault

    @property
    def metadata(self) -> MetaData:
        """See privacy.promises.probes.Premises."""
        return metadata

    @cached_property
    def tenants(self) -> list[uuid.UUID]:
        """See privacy.promises.probes.Premises."""
        with self.work_of(INSTALLATION_ID) as work:
            listed = tenant_ids(work)
        return [INSTALLATION_ID, *(one for one in listed if one != INSTALLATION_ID)]

    @contextmanager
    def work_of(self, tenant_id: uuid.UUID) -> Iterator[UnitOfWork]:
        """See privacy.promises.probes.Premises."""
        with unit_of_work(self.engines.app, tenant_id=tenant_id, actor=SYSTEM) as work:
            yield work

    def services_of(self, work: UnitOfWork) -> tuple[str, ...]:
        """See privacy.promises.probes.Premises."""
        return subscribed_services(work)

    def visit(self, path: str) -> Visited:
        """See privacy.promises.probes.Premises. Each page is asked for once."""
        if path not in self._pages:
            self._pages[path] = self._ask(path)
        return self._pages[path]

    @cached_property
    def _client(self) -> FlaskClient:
        app = create_app(
            settings=self.settings,
            engines=self.engines,
            desk=self._house.desk,
            secret=secrets.token_bytes(32),
            revision=head(),
        )
        return app.test_client(use_cookies=False)

    def _ask(self, path: str) -> Visited:
        # An address for each page, so that no flood limit counts them together.
        number = next(self._visitors)
        visitor = {"REMOTE_ADDR": f"127.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        answer = self._client.get(path, environ_base=visitor, base_url=self.settings.public_url)
        cookies = [line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")]
        policy = answer.headers.get("Content-Security-Policy", "")
        return Visited(answer.status_code, tuple(cookies), policy, answer.get_data(as_text=True))
