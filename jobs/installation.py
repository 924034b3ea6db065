"""One process's hold of the installation: settings, engines, keys, desk; made when asked for."""

from functools import cached_property

from sqlalchemy import Engine

from connector.subjects.replays import erase_again
from migrations.metadata import MODELS
from privacy.backups.homes import check_home
from privacy.core import clock
from privacy.core.db.engine import Engines, make_engine
from privacy.core.db.work import SYSTEM
from privacy.core.logs import configure_logs
from privacy.core.settings import Settings, load_settings
from privacy.ledger.anchors import Anchors, DirectoryAnchors
from privacy.ledger.signing import (
    PRIVATE,
    Identity,
    Signer,
    load_identity,
    load_signer,
    rewrap_signing_key,
)
from privacy.mails.compose import SealingMailer
from privacy.retention.rules import kept_for
from privacy.vault.custody import Custody, make_custody
from privacy.vault.key_checks import check_keys
from privacy.vault.keyring import Keyring
from privacy.vault.processes import forbid_core_dumps
from privacy.vault.root_seals import open_under_root, root_version, seal_under_root
from privacy.vault.roots import RootKeys, load_roots
from tenants.desks import Desk
from tenants.passwords.hashing import PasswordHashing

_SIGNING = "ledger-signing"
_RING_CONNECTIONS = 3


class Installation:
    """What commands, tasks and processes are built from."""

    models = MODELS
    """All of them, whatever a command imports: what is sealed again is what its model registers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engines = Engines(settings)

    @cached_property
    def roots(self) -> RootKeys:
        """The root keys. Raises RootKeyRefused."""
        return load_roots(self.settings)

    @cached_property
    def custody(self) -> Custody:
        """Key port and escrow."""
        return make_custody(self.settings, roots=self.roots)

    @cached_property
    def vault(self) -> Keyring:
        """The key ring, with a small pool of its own (see RingAccess)."""
        return Keyring(self._ring_engine, self.custody, keep_days=kept_for)

    @cached_property
    def _ring_engine(self) -> Engine:
        url = self.settings.database_url.get_secret_value()
        return make_engine(url, pooled=_RING_CONNECTIONS, most=2 * _RING_CONNECTIONS)

    @cached_property
    def desk(self) -> Desk:
        """What use cases of people and tenants are given."""
        return Desk(
            self.engines.app,
            self.vault,
            self.custody,
            PasswordHashing(at_once=self.settings.password_hashes_at_once),
            SealingMailer(self.vault, sending=self.settings.smtp_url is not None),
            self.settings.public_url,
        )

    @cached_property
    def anchors(self) -> Anchors:
        """Where signed heads of the ledger are kept outside the database."""
        return DirectoryAnchors(self.settings.anchor_folder)

    @cached_property
    def signer(self) -> Signer:
        """Who signs the ledger; made at the first start."""
        return load_signer(
            self.settings.keys_folder,
            wrap=self._wrap,
            unwrap=self._unwrap,
            pinned=self.settings.ledger_public_key,
        )

    def reseal_signing_key(self) -> int:
        """Put the ledger's signing key under the current root key; 1 if it was not yet."""
        folder = self.settings.keys_folder
        if root_version((folder / PRIVATE).read_bytes()) == self.roots.current:
            return 0
        rewrap_signing_key(folder, unwrap=self._unwrap, wrap=self._wrap)
        return 1

    def _wrap(self, private: bytes) -> bytes:
        return seal_under_root(self.roots, _SIGNING, private)

    def _unwrap(self, sealed: bytes) -> bytes:
        return open_under_root(self.roots, _SIGNING, sealed)

    @cached_property
    def identity(self) -> Identity:
        """Whose ledger this is, for verification."""
        pinned = self.settings.ledger_public_key
        return load_identity(self.settings.keys_folder, pinned=pinned)

    def check(self) -> None:
        """Refuse to go on with keys that do not belong to the database, or with a restored one in
        which erasures are not done again. Raises NotAtHome, KeyCheckFailed, EscrowFailed."""
        check_home(self.engines.app)
        check_keys(self.engines.app, self.custody)
        erase_again(lambda one: self.desk.tenant(one, SYSTEM), self.vault, self.custody)

    def close(self) -> None:
        """Close every connection."""
        self.engines.dispose()
        if "_ring_engine" in self.__dict__:
            self._ring_engine.dispose()


def open_installation(settings: Settings | None = None) -> Installation:
    """The installation that the environment names; sets this process's clock and logs.

    Raises:
        Misconfigured: one line that says what to change.
    """
    settings = settings or load_settings()
    clock.set_offset(settings.clock_offset)
    configure_logs(settings.log_level)
    forbid_core_dumps()
    return Installation(settings)
