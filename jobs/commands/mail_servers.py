"""`silta simulate mailbox`."""

import signal
import sys
from collections.abc import Iterator
from threading import Event
from types import FrameType

import click

from connector.simulators.mailbox.servers import MailServer, mail_server
from jobs.commands.ports import PORT


@click.command()
@click.option("--port", type=PORT, default=8343, show_default=True, help="IMAP's; 0: any free one.")
@click.option(
    "--smtp-port", type=PORT, default=8325, show_default=True, help="0 takes any free one."
)
@click.option("--address", default="inbox@example.com", show_default=True,
              help="The mailbox that Silta reads.")  # fmt: skip
def mailbox(port: int, smtp_port: int, address: str) -> None:
    """Simulate a mail server: takes mails by SMTP, gives them out by IMAP."""
    over = Event()

    def stop(_: int, __: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        with mail_server(imap_port=port, smtp_port=smtp_port) as server:
            for line in _welcome(server, address):
                click.echo(line)
            sys.stdout.flush()
            over.wait()
    except OSError:
        raise click.ClickException(
            "a port is in use: choose others with --port and --smtp-port"
        ) from None


def _welcome(server: MailServer, address: str) -> Iterator[str]:
    yield "A mail server answers on this machine, for Silta as:"
    yield f"  SILTA_SMTP_URL={server.smtp_url}"
    yield f"  SILTA_MAIL_FROM={address}"
    yield f"  SILTA_IMAP_URL={server.imap_url(address)}"
    yield f"  SILTA_IMAP_ADDRESS={address}"
    yield f"Everybody has a mailbox here: sign in to IMAP, port {server.imap_port}, as any address"
    yield f"  password         {server.post.password}"
    yield f"Write to port {server.smtp_port}; nothing leaves this machine. Ctrl-C stops it."
