"""`silta marketplace …`: keys of marketplaces that sell subscriptions, and where they are told."""

import uuid

import click

from connector.events_out.addresses import checked_url
from jobs.commands.output import answer, as_json
from jobs.installation import open_installation
from privacy.core.db.work import SYSTEM
from privacy.core.errors import Invalid
from tenants.marketplace_keys.create import (
    create_marketplace_key,
    list_marketplace_keys,
    revoke_marketplace_key,
    set_callback,
)


@click.group()
def marketplace() -> None:
    """Keys of marketplaces, and where changes are announced."""


@marketplace.command("key")
@click.argument("name")
@as_json
def key(name: str, as_json: bool) -> None:
    """Make a key for a marketplace. It is shown once; only its digest is kept."""
    installation = open_installation()
    with installation.desk.installation(SYSTEM) as work:
        made = create_marketplace_key(work, name=name)
    line = f"x-api-key: {made.text}"
    answer({"key_id": made.id, "key": made.text}, line, f"Its id is {made.id}.", as_json=as_json)


@marketplace.command("keys")
@as_json
def keys(as_json: bool) -> None:
    """List the keys, without the keys."""
    installation = open_installation()
    with installation.desk.installation(SYSTEM) as work:
        found = [
            {
                "key_id": str(row.id),
                "name": row.name,
                "hint": row.hint,
                "state": "revoked" if row.revoked_at else "active",
                "announces": row.callback_url is not None,
            }
            for row in list_marketplace_keys(work)
        ]
    lines = [f"{one['key_id']}  …{one['hint']}  {one['state']}  {one['name']}" for one in found]
    answer({"keys": found}, *lines, as_json=as_json)


@marketplace.command("revoke")
@click.argument("key_id", type=click.UUID)
@as_json
def revoke(key_id: uuid.UUID, as_json: bool) -> None:
    """Close a key, at once."""
    installation = open_installation()
    with installation.desk.installation(SYSTEM) as work:
        revoke_marketplace_key(work, key_id=key_id)
    answer({"revoked": key_id}, "The key does not work any more.", as_json=as_json)


@marketplace.command("callback")
@click.argument("key_id", type=click.UUID)
@click.argument("url")
@click.option("--key", prompt="The key itself", hide_input=True, help="Asked for when left out.")
@as_json
def callback(key_id: uuid.UUID, url: str, key: str, as_json: bool) -> None:
    """Announce changes to URL with the same key, which is kept sealed from now on."""
    installation = open_installation()
    try:
        url = checked_url(url, loopback=installation.settings.outbound_loopback)
    except Invalid as refusal:
        raise click.UsageError(
            "Give an https address by its full name, port 443 or 8443."
        ) from refusal
    with installation.desk.installation(SYSTEM) as work:
        set_callback(work, vault=installation.vault, key_id=key_id, url=url, key=key)
    answer({"key_id": key_id}, "Changes are announced from now on.", as_json=as_json)
