"""The registry of derivation labels: one purpose, one label, one key (ATTACK 6)."""

from enum import StrEnum


class Label(StrEnum):
    """What a derived key is for. Never rename one: its keys would change."""

    EPOCH_UNDER_ROOT = "epoch-under-root"
    FILE_UNDER_ROOT = "file-under-root"
    KEY_UNDER_EPOCH = "key-under-epoch"
    KEY_CHECK = "key-check"
    BUNDLE_MAC = "bundle-mac"
    COMMIT = "commit"
    DAY_SEAL = "day-seal"
    DAY_INDEX = "day-index"
    SCOPE_SEAL = "scope-seal"
    TENANT_INDEX = "tenant-index"
    ERASURES_MAC = "erasures-mac"


class Secret(StrEnum):
    """Small secrets of the installation that lie beside the escrowed epoch keys."""

    ERASURES = "erasures"
    """What the journal of erasures is authenticated with."""


class Scope(StrEnum):
    """What a tenant key seals; each scope has a key of its own."""

    CREDENTIALS = "credentials"
    CONTACTS = "contacts"
    DOCUMENTS = "documents"
    IDENTITIES = "identities"
    MAILS = "mails"
    JOBS = "jobs"
    LEDGER = "ledger"
    SETTINGS = "settings"
    SECOND_FACTORS = "second-factors"
    INQUIRIES = "inquiries"
    REGISTRATIONS = "registrations"
    REGISTERS = "registers"
    FIELDS = "fields"


class Index(StrEnum):
    """What an index token stands for. Equal texts of two kinds have unrelated tokens."""

    NUMBER = "number"
    USER = "user"
    SOURCE = "source"
    CONTENT = "content"
    EMAIL = "email"
    ADDRESS = "address"
    COMMITMENT = "commitment"
    FORMS = "forms"
    CHALLENGES = "challenges"
    PEOPLE = "people"
    CONTACT = "contact"
    CODES = "codes"
    MAILBOX = "mailbox"
