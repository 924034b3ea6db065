"""`silta simulate mailbox`."""

import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from threading import Event
from types import FrameType

import click

from connector.simulators.mailbox.servers import MailServer, mail_server
from connector.simulators.mailbox.tokens import TokenDesk, token_desk
from connector.simulators.microsoft.sign_in import LASTS
from jobs.commands.ports import PORT


@click.command()
@click.option("--port", type=PORT, default=8343, show_default=True, help="IMAP's; 0: any free one.")
@click.option(
    "--smtp-port", type=PORT, default=8325, show_default=True, help="0 takes any free one."
)
@click.option("--address", default="inbox@example.com", show_default=True,
              help="The mailbox that Silta reads.")  # fmt: skip
@click.option("--tokens", is_flag=True,
              help="Open mailboxes by tokens only, as Microsoft 365 does.")  # fmt: skip
@click.option("--token-port", type=PORT, default=8344, show_default=True,
              help="Of who gives tokens out; 0 takes any free one.")  # fmt: skip
@click.option("--token-seconds", default=LASTS, show_default=True, help="How long tokens last.")
@click.option("--tls-folder", default=Path("var/simulators"), show_default=True,
              type=click.Path(file_okay=False, path_type=Path),
              help="Where certificates of who gives tokens out are kept.")  # fmt: skip
def mailbox(
    port: int,
    smtp_port: int,
    address: str,
    tokens: bool,
    token_port: int,
    token_seconds: int,
    tls_folder: Path,
) -> None:
    """Simulate a mail server: takes mails by SMTP, gives them out by IMAP."""
    over = _until_stopped()
    with ExitStack() as stack:
        try:
            desk = None
            if tokens:
                opened = token_desk(folder=tls_folder, port=token_port, lasts=token_seconds)
                desk = stack.enter_context(opened)
            server = stack.enter_context(_mail_server(port, smtp_port, desk))
        except OSError:
            raise click.ClickException(
                "a port is in use: choose others with --port, --smtp-port and --token-port"
            ) from None
        for line in _welcome(server, address, desk):
            click.echo(line)
        sys.stdout.flush()
        over.wait()


def _until_stopped() -> Event:
    over = Event()

    def stop(_: int, __: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return over


def _mail_server(
    port: int, smtp_port: int, desk: TokenDesk | None
) -> AbstractContextManager[MailServer]:
    if desk is None:
        return mail_server(imap_port=port, smtp_port=smtp_port)
    return mail_server(imap_port=port, smtp_port=smtp_port, opened_by=desk.opens, password="")


def _welcome(server: MailServer, address: str, desk: TokenDesk | None) -> Iterator[str]:
    yield "A mail server answers on this machine, for Silta as:"
    yield f"  SILTA_SMTP_URL={server.smtp_url}"
    yield f"  SILTA_MAIL_FROM={address}"
    yield f"  SILTA_IMAP_URL={server.imap_url(address)}"
    yield f"  SILTA_IMAP_ADDRESS={address}"
    yield f"Everybody has a mailbox here: sign in to IMAP, port {server.imap_port}, as any address"
    if desk is None:
        yield f"  password         {server.post.password}"
    else:
        yield "  by tokens only (XOAUTH2), which this gives out; Silta asks for them with"
        yield f"  SILTA_IMAP_OAUTH_URL={desk.url}"
        yield f"  SILTA_OUTBOUND_CA_FILE={desk.authority.resolve()}"
        yield "  SILTA_OUTBOUND_LOOPBACK=true"
    yield f"Write to port {server.smtp_port}; nothing leaves this machine. Ctrl-C stops it."
