"""What can go wrong with archives, each with a code that alerts and drills show."""

from http import HTTPStatus

from privacy.core.errors import Conflict, Misconfigured, SiltaError, Unavailable


class StoreFailed(Unavailable):
    """The store did not do what it was asked; trying again may help."""

    code = "store_failed"
    message = "The archives' store does not answer as it should. Archives that are there stay."


class StoreDenied(StoreFailed):
    """The store knows us not, or does not let us."""

    code = "store_denied"
    message = "The archives' store refuses our key: check SILTA_BACKUP_STORE_KEY_ID and _SECRET."


class StoreFull(StoreFailed):
    """No room."""

    code = "store_full"
    message = "The archives' store is full. Archives that are there stay; make room."


class ObjectMissing(StoreFailed):
    """An object that should be there is not."""

    code = "object_missing"
    message = "Something is missing in the archives' store."


class ArchiveFailed(Unavailable):
    """An archive was begun and came to nothing."""

    code = "archive_failed"
    message = "The archive could not be made. Those that are there stay."


class DumpFailed(ArchiveFailed):
    """pg_dump ended before its time."""

    code = "dump_failed"


class RowsUnseen(ArchiveFailed):
    """The backup role sees less than there is: the archive would be silently empty."""

    code = "rows_unseen"
    message = "The backup role does not see every row. Run `silta migrate`; nothing was archived."


class ArchiveRunning(Conflict):
    """One at a time."""

    code = "archive_running"
    message = "Another archive is being made."


class StoreAbroad(Misconfigured):
    """Promise E4: data stays where a profile says."""

    code = "store_abroad"


class ArchiveRefused(SiltaError):
    """An archive is not what it says, or cannot be used here. Nothing was written."""

    code = "archive_refused"
    status = HTTPStatus.CONFLICT


class ManifestRefused(ArchiveRefused):
    """The manifest is damaged, of another installation, or not where it belongs."""

    code = "manifest_refused"


class ArchiveDamaged(ArchiveRefused):
    """Parts are missing, changed or cut."""

    code = "archive_damaged"


class ArchiveStale(ArchiveRefused):
    """A newer archive was made than the store shows."""

    code = "archive_stale"


class SchemaNewer(ArchiveRefused):
    """Made by a newer version of Silta."""

    code = "schema_newer"


class KeyMissing(ArchiveRefused):
    """No age identity here opens it."""

    code = "identity_missing"


class RestoreFailed(SiltaError):
    """The database was not restored; what was begun was rolled back or stays closed."""

    code = "restore_failed"
    message = "The restoration failed. The database does not open for the service."


class NoScratch(RestoreFailed):
    """The encrypted archive has no room where it is looked through."""

    code = "no_scratch"
    message = (
        "There is no room for the encrypted archive in the temporary folder; `--folder` names "
        "another. Nothing was written to the database."
    )


class NotAtHome(Conflict):
    """A restored, copied or failed-over database in which the erasures since are not yet done."""

    code = "not_at_home"
    message = (
        "This database was restored, copied or moved, and what was erased since is still in it. "
        "Run `silta restore --finish`; until then nothing is served from it."
    )
