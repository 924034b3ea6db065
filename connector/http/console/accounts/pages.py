"""What several views of connected systems share."""

import uuid

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.accounts.find import find_account
from connector.http.console.accounts.facts import AccountFacts, facts_of
from connector.http.console.accounts.guides import GUIDES, address_of, sample_of
from tenants.http.services import services, work_of_caller


def secret_page(facts: AccountFacts, secret: str, *, rotated: bool) -> str:
    """The secret address, this once, and where to enter it."""
    address = address_of(public_url(), secret)
    return render_template(
        "accounts/secret.html",
        account=facts,
        label=facts.kind_label,
        address=address,
        steps=GUIDES[facts.kind].steps,
        sample=sample_of(facts.kind, facts.id, public_url=public_url(), address=address),
        rotated=rotated,
    )


def found_account(account_id: uuid.UUID) -> AccountFacts:
    """One system of the caller's tenant. Raises NotFound."""
    with work_of_caller() as work:
        return facts_of(find_account(work, account_id))


def to_account(account_id: uuid.UUID) -> Response:
    """Back to its page."""
    return redirect(url_for("accounts.show", account_id=account_id))


def public_url() -> str:
    """Our address as systems outside know it."""
    return services().settings.public_url
