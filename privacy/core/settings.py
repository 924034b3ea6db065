"""Settings: typed, read once at boot from `SILTA_…` variables, secrets never printed."""

from datetime import timedelta
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from privacy.core.complaints import complaint_of
from privacy.core.errors import Misconfigured
from privacy.core.transport import listens_locally, require_protected


class Settings(BaseSettings):
    """Everything an operator can choose. Folders are created by who writes to them."""

    model_config = SettingsConfigDict(env_prefix="SILTA_", extra="ignore", frozen=True)

    env: Literal["development", "production"] = "production"
    database_url: SecretStr
    owner_database_url: SecretStr | None = None
    relay_database_url: SecretStr | None = None
    keeper_database_url: SecretStr | None = None
    sequencer_database_url: SecretStr | None = None
    backup_database_url: SecretStr | None = None
    mover_database_url: SecretStr | None = None
    database_country: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    redis_url: SecretStr
    root_key_file: Path | None = None
    root_key: SecretStr | None = None
    keys_folder: Path = Path("var/keys")
    escrow_bundle_folder: Path = Path("var/escrow/bundles")
    escrow_epoch_folder: Path = Path("var/escrow/epochs")
    escrow_bundle_store: str | None = None
    escrow_epoch_store: str | None = None
    escrow_store_key_id: str | None = None
    escrow_store_secret: SecretStr | None = None
    anchor_folder: Path = Path("var/anchors")
    backup_store: str | None = None
    backup_store_key_id: str | None = None
    backup_store_secret: SecretStr | None = None
    backup_country: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    backup_recipients: str | None = None
    backup_hours: int = Field(default=24, ge=1, le=168)
    backup_keep_days: int = Field(default=35, ge=1, le=3650)
    backup_programs: Path | None = None
    wal_store: str | None = None
    wal_store_key_id: str | None = None
    wal_store_secret: SecretStr | None = None
    wal_country: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    wal_stanza: str = Field(default="silta", pattern=r"^[a-z][a-z0-9_-]{0,30}$")
    drill_database_url: SecretStr | None = None
    drill_identity_file: Path | None = None
    drill_days: int = Field(default=7, ge=1, le=366)
    ledger_public_key: str | None = None
    public_url: str = "http://127.0.0.1:8000"
    bind: str = "127.0.0.1:8000"
    hosts: str | None = Field(default=None, pattern=r"^[A-Za-z0-9.,\- ]+$")
    metrics_bind: str = "127.0.0.1:9187"
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    smtp_url: SecretStr | None = None
    mail_from: str = "silta@localhost"
    imap_url: SecretStr | None = None
    imap_address: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9._-]{1,31}@[A-Za-z0-9.-]{1,200}$"
    )
    imap_moved_to: str | None = None
    imap_oauth_url: SecretStr | None = None
    clock_days: int = Field(default=0, ge=0, le=3650)
    outbound_loopback: bool = False
    outbound_ca_file: Path | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    web_threads: int = Field(default=8, ge=1, le=256)
    password_hashes_at_once: int = Field(default=2, ge=1, le=64)

    @field_validator(
        *("database_url", "owner_database_url", "relay_database_url", "keeper_database_url"),
        *("sequencer_database_url", "backup_database_url", "mover_database_url"),
        "drill_database_url",
    )
    @classmethod
    def _names_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        scheme, _, rest = (value.get_secret_value() if value else "postgresql://x").partition("://")
        if scheme.partition("+")[0] != "postgresql" or not rest:
            raise ValueError(
                "is no URL of PostgreSQL: postgresql+psycopg://user:password@host/name"
            )
        return value

    @field_validator("bind")
    @classmethod
    def _listens(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not (port.isascii() and port.isdigit() and int(port) < 65536):
            raise ValueError("is not an address: write host:port, such as 127.0.0.1:8000")
        return value

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// (or http:// on loopback)")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _protected(self) -> Self:
        for url in self.database_urls():
            require_protected(url.get_secret_value(), scheme="postgresql")
        require_protected(self.redis_url.get_secret_value(), scheme="redis")
        require_protected(self.public_url, scheme="http")
        for mails, scheme in ((self.smtp_url, "smtp"), (self.imap_url, "imap")):
            if mails is not None:
                require_protected(mails.get_secret_value(), scheme=scheme)
        if not (self.secure_cookies or listens_locally(self.bind)):
            raise ValueError(
                "SILTA_BIND is not on loopback: set SILTA_PUBLIC_URL to the https:// address of "
                "the proxy before it"
            )
        if self.clock_days and self.env != "development":
            raise ValueError("SILTA_CLOCK_DAYS shifts a development clock only")
        if self.outbound_loopback and self.env != "development":
            raise ValueError("SILTA_OUTBOUND_LOOPBACK opens this machine in development only")
        if self.outbound_ca_file and self.env != "development":
            raise ValueError("SILTA_OUTBOUND_CA_FILE is trusted in development only")
        return self

    @model_validator(mode="after")
    def _addressed(self) -> Self:
        if self.imap_url is not None and self.imap_address is None:
            raise ValueError("SILTA_IMAP_URL needs SILTA_IMAP_ADDRESS, the mailbox's address")
        if self.imap_oauth_url is not None and not _names_application(self.imap_oauth_url):
            raise ValueError("SILTA_IMAP_OAUTH_URL is not https://client:secret@host/tenant")
        return self

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not (self.hosts or self.development or listens_locally(self.bind)):
            raise ValueError(
                "SILTA_BIND is not on loopback: set SILTA_HOSTS to the names under which Silta is "
                "reached, with commas between them"
            )
        return self

    @property
    def trusted_hosts(self) -> list[str]:
        """Names that a request may be for; `.example.com` stands for all names below it.

        Without SILTA_HOSTS: this machine, and the name in the public URL.
        """
        given = [name.strip() for name in (self.hosts or "").split(",") if name.strip()]
        return given or [self.public_host, "localhost", "127.0.0.1"]

    @property
    def public_host(self) -> str:
        """The name in the public URL."""
        return urlsplit(self.public_url).hostname or ""

    def database_urls(self) -> list[SecretStr]:
        """Every database URL that is set, one for each role."""
        urls = [
            self.database_url,
            self.owner_database_url,
            self.relay_database_url,
            self.keeper_database_url,
            self.sequencer_database_url,
            self.backup_database_url,
            self.drill_database_url,
            self.mover_database_url,
        ]
        return [url for url in urls if url is not None]

    @property
    def clock_offset(self) -> timedelta:
        """The development clock's shift."""
        return timedelta(days=self.clock_days)

    @property
    def mailbox(self) -> str | None:
        """Address of the mailbox that is read; None where none is."""
        return self.imap_address if self.imap_url is not None else None

    @property
    def development(self) -> bool:
        """Whether conveniences that would be holes in production are open."""
        return self.env == "development"

    @property
    def secure_cookies(self) -> bool:
        """Cookies travel over TLS only, unless the console itself is on loopback without it."""
        return self.public_url.startswith("https://")


def _names_application(url: SecretStr) -> bool:
    """Whether a URL names a directory, an application and its secret."""
    parts = urlsplit(url.get_secret_value())
    whole = parts.username and parts.password and parts.hostname and parts.path.strip("/")
    return parts.scheme == "https" and bool(whole)


def load_settings() -> Settings:
    """Read and check the environment.

    Raises:
        Misconfigured: one line that names each variable and what is wrong with it. Values are
            not repeated, for they can be secrets.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise Misconfigured(_explain(error)) from None


def _explain(error: ValidationError) -> str:
    lines = []
    for item in error.errors(include_input=False, include_url=False):
        name = "SILTA_" + "_".join(str(part) for part in item["loc"]).upper()
        problem = complaint_of(item)
        lines.append(f"{name} {problem}" if item["loc"] else problem)
    return "; ".join(lines)
