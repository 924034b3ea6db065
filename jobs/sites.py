"""The web application of an installation, and the figures of its process."""

from flask import Flask

from connector.app import create_app
from connector.http.figures import InstallationFigures
from connector.http.metrics import serve_metrics
from jobs.installation import open_installation
from migrations.run import head
from privacy.vault.labels import Index

_SIGNED = b"form tokens and messages"
"""Names the secret in the installation's index key: every web process makes the same one of it."""


def make_site() -> Flask:
    """The application of the installation that the environment names.

    The key check comes first: without keys nothing is served.

    Raises:
        Misconfigured, NotAtHome, KeyCheckFailed, EscrowFailed: one line that says what to change.
    """
    installation = open_installation()
    installation.check()
    app = create_app(
        settings=installation.settings,
        engines=installation.engines,
        desk=installation.desk,
        secret=installation.vault.installation_index(Index.FORMS).digest(_SIGNED),
        revision=head(),
    )
    serve_metrics(installation.settings.metrics_bind, InstallationFigures(installation.engines))
    return app
