"""Why an archive is not unpacked."""

from privacy.core.errors import Invalid


class ArchiveRefused(Invalid):
    """Nothing of it was kept. `reason`: our own words; names in archives can be anybody's."""

    code = "archive_refused"
    message = "This archive is not unpacked."

    def __init__(self, reason: str) -> None:
        super().__init__(f"This archive is not unpacked: it has {reason}.")
        self.reason = reason
