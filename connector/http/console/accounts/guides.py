"""What to enter in each system, so that its calls come here."""

import uuid
from dataclasses import dataclass
from typing import Final

from connector.accounts.kinds import AccountKind
from connector.http.console.samples import first_call

PLACE: Final = "{address}"


@dataclass(frozen=True, slots=True)
class Guide:
    """One sentence about the kind, the steps, and an example in which the address stands."""

    about: str
    steps: tuple[str, ...]
    sample: str = ""


GUIDES: Final = {
    AccountKind.API: Guide(
        "A program of your own sends calls with an API key.",
        (
            "Create an API key that may send calls, and post an array of calls.",
            "With several systems, name this one in each call, by its account number or name.",
        ),
    ),
    AccountKind.MOONTALK: Guide(
        "Moontalk pushes each call when it has ended.",
        (
            "Give Moontalk the secret address as the place to which calls are pushed, as JSON.",
            "The fields that it sends are matched to ours; what is not declared is not stored.",
        ),
        f'curl -H "Content-Type: application/json" --data-binary @call.json \\\n  "{PLACE}"',
    ),
    AccountKind.MOONTALK_PULL: Guide(
        "Calls are asked for at your Moontalk.",
        (
            "Ask whoever runs your Moontalk for the address of its list of calls, a key, and how "
            "pages follow each other.",
            "Make a test; then see under Mapping whether every field is found.",
        ),
    ),
    AccountKind.FREESWITCH: Guide(
        "mod_json_cdr or mod_xml_cdr posts each call when it has ended.",
        (
            "In autoload_configs/json_cdr.conf.xml (or xml_cdr.conf.xml) enter the secret address, "
            "then run: reload mod_json_cdr.",
            "All its encodings are read. Leave retries on: a call that arrives twice is stored "
            "once.",
            "The last two lines have FreeSWITCH check certificates; by itself it checks none.",
        ),
        f'<param name="url" value="{PLACE}"/>\n<param name="encode" value="true"/>\n'
        '<param name="retries" value="3"/>\n<param name="delay" value="5"/>\n'
        '<param name="log-b-leg" value="false"/>\n'
        '<param name="enable-cacert-check" value="true"/>\n'
        '<param name="enable-ssl-verifyhost" value="true"/>',
    ),
    AccountKind.ASTERISK: Guide(
        "Asterisk writes Master.csv; send the file as often as you like.",
        (
            "Set usegmtime=yes in cdr.conf if you can; otherwise the time zone set here counts.",
            "Have cron send the file. What was sent before is recognised and stored once.",
        ),
        f'curl -T /var/log/asterisk/cdr-csv/Master.csv -H "Content-Type: text/csv" \\\n  "{PLACE}"',
    ),
    AccountKind.TWILIO: Guide(
        "Twilio calls the address when a call changes its state; its signature is checked.",
        (
            "In the Twilio console, open your number, Voice configuration, and enter the secret "
            "address as the status callback, with POST.",
            "The signature is checked with the auth token that you entered here.",
        ),
    ),
    AccountKind.KAMAILIO: Guide(
        "Rows of the acc module are joined to calls.",
        (
            "Have the acc and missed_calls rows posted as JSON, for example with "
            "acc_json and http_async_client.",
            "INVITE and BYE of one dialog become one call, in whatever order they arrive.",
        ),
        f'curl -H "Content-Type: application/json" --data-binary @rows.json \\\n  "{PLACE}"',
    ),
    AccountKind.THREECX: Guide(
        "3CX writes its calls as CSV; send the file as often as you like.",
        (
            "In 3CX, open Settings, Call Data Records, and choose the CSV file as output.",
            "Have a scheduled task send the file. What was sent before is stored once.",
        ),
        f'curl -T cdr.csv -H "Content-Type: text/csv" \\\n  "{PLACE}"',
    ),
    AccountKind.NETVISOR: Guide(
        "Customers, products, sales invoices and payments are read from Netvisor.",
        (
            "In Netvisor, allow the resources under the access rights for interface resources.",
            "Under Api identifiers create a customer id and key; the partner id and key come from "
            "Netvisor's partner support.",
        ),
    ),
    AccountKind.MICROSOFT: Guide(
        "Customers, subscriptions and invoices are read from Microsoft.",
        ("Register an application for this service, and grant it what it shall read.",),
    ),
    AccountKind.MICROSOFT_CALLS: Guide(
        "Calls are read from Microsoft Teams.",
        (
            "Register an application, and give it CallRecords.Read.All or, for the log of "
            "telephone calls alone, CallRecord-PstnCalls.Read.All.",
            "Have an administrator consent; then enter its ids and a client secret here.",
        ),
    ),
}


def sample_of(
    kind: AccountKind, account_id: uuid.UUID, *, public_url: str, address: str | None = None
) -> str:
    """The example, with the address in place; dots stand for one that is not shown any more."""
    if kind is AccountKind.API:
        return first_call(public_url, account_id=account_id)
    return GUIDES[kind].sample.replace(PLACE, address or f"{public_url}/in/…")


def address_of(public_url: str, secret: str) -> str:
    """The address that a system posts to."""
    return f"{public_url}/in/{secret}"
