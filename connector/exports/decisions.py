"""What becomes of each table that has tenants' rows: a decision and its reason, for every one.

A new table without a decision fails a test. Columns that hold secrets are in no archive; what
only this installation's keys can make is made anew by whoever brings the archive in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Taken:
    """A table whose rows are lines of `records/<table>.jsonl`.

    Args:
        never: columns that no archive holds: secrets, and what means something here only.
        anew: keyed digests, which another installation makes with keys of its own.
        put: what columns are given wherever the archive is brought in.
        evidence: it tells what happened here, so it is in the archive and stays there.
    """

    never: frozenset[str] = frozenset()
    anew: frozenset[str] = frozenset()
    put: Mapping[str, Any] = field(default_factory=dict)
    evidence: bool = False


def _columns(names: str) -> frozenset[str]:
    return frozenset(names.split())


_RECORD: Final = Taken(never=_columns("seen_sweep"), anew=_columns("content_digest about_token"))
_EVIDENCE: Final = Taken(evidence=True)

TAKEN: Final[Mapping[str, Taken]] = MappingProxyType(
    {
        "connector_accounts": Taken(never=_columns("credential_sealed credential_version")),
        "account_connections": Taken(
            never=_columns(
                "pending_sealed pending_version failure_code failure_kind failure_text "
                "failing_since failures doubts doubted_on not_before checked_at tried_at"
            )
        ),
        "account_mappings": Taken(),
        "contacts": _RECORD,
        "products": _RECORD,
        "invoices": _RECORD,
        "payments": _RECORD,
        "subscriptions": _RECORD,
        "free_fields": Taken(),
        "free_values": Taken(),
        "call_price_lists": Taken(),
        "call_payers": Taken(),
        "call_tallies": Taken(),
        "usage_days": Taken(),
        "web_forms": Taken(),
        "inquiries": Taken(
            never=_columns("ask_digest"), anew=_columns("email_digest telephone_digest")
        ),
        "inquiry_messages": Taken(never=_columns("mail_id"), anew=_columns("sender_digest")),
        "registrants": Taken(
            never=_columns("password_sealed"), anew=_columns("email_digest login_digest")
        ),
        "registrant_agreements": Taken(),
        "registration_checks": Taken(),
        "consent_wordings": Taken(),
        "consents": Taken(),
        "consent_events": Taken(),
        "objections": Taken(),
        "subject_requests": Taken(
            never=_columns(
                "code_digest code_for code_expires_at mail_id extension_mail_id trail_sealed"
            ),
            anew=_columns("email_token phone_token"),
        ),
        "subject_steps": Taken(),
        "restrictions": Taken(never=_columns("mail_id"), anew=_columns("trail_sealed")),
        "identity_documents": Taken(),
        "legal_holds": Taken(),
        "disclosures": Taken(never=_columns("preview_digest")),
        "breaches": Taken(never=_columns("tenants origin_id"), put={"tenants": []}),
        "breach_notes": Taken(),
        "profile_changes": Taken(),
        "informings": Taken(),
        "stale_findings": Taken(),
        "webhook_endpoints": Taken(put={"state": "disabled", "state_reason": "tenant"}),
        "outgoing_documents": Taken(never=_columns("content_digest"), evidence=True),
        "breach_tellings": _EVIDENCE,
        "notices": _EVIDENCE,
        "policy_decisions": _EVIDENCE,
        "processors": _EVIDENCE,
        "service_subscriptions": _EVIDENCE,
        "ledger_events": _EVIDENCE,
        "ledger_links": _EVIDENCE,
        "ledger_heads": _EVIDENCE,
    }
)

SPECIAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "calls": "a file for each day, `calls/<day>.jsonl`, which ends with its day",
        "call_sources": "with their calls",
        "tenants": "in the manifest: name, services, second factor, days of calls",
        "memberships": "in `records/people.jsonl`, with name and address",
        "suppressions": "in `records/suppressions.jsonl`, as far as it is known of whom they are",
    }
)
"""Tables that are in the archive in a way of their own."""

DERIVED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contact_tokens": "made anew from the contacts",
        "consent_tokens": "made anew from the consents",
        "objection_tokens": "made anew from the objections",
        "disclosure_tokens": "made anew from the disclosures",
        "web_form_directory": "made anew from the forms",
    }
)

LEFT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "account_secrets": "secret addresses: new ones are made where the systems are connected",
        "account_streams": "how far systems were read: the next reading reads everything",
        "account_budgets": "when systems were asked last",
        "account_intakes": "refusals in a row, of this installation's addresses",
        "change_watches": "subscriptions of this installation's with outside systems",
        "sync_runs": "a log of readings here",
        "call_imports": "how far files were read here; what is read again meets itself",
        "post_minutes": "counts that the ledger says within a minute",
        "api_keys": "credentials: new keys are made there",
        "api_key_directory": "credentials",
        "webhook_secrets": "credentials: endpoints arrive disabled and get new secrets",
        "webhook_events": "a log of a month, of ids",
        "webhook_deliveries": "a log of a month, of ids",
        "webhook_arrivals": "waits for seconds, to be told together",
        "registrant_sessions": "sign-ins of the moment",
        "registrant_links": "links of mails that lead here",
        "single_use_links": "links of mails that lead here",
        "invitations": "links of mails that lead here",
        "mails": "waits to be sent from here, for a week at most",
        "mail_addresses": "addresses of this installation's mailbox",
        "taken_mails": "recognises mails of this installation's mailbox",
        "confirmations": "waits for its code for a day at most, and has no effect",
        "idempotent_answers": "answers of one day to programs that repeat themselves",
        "spent_challenges": "robots' challenges of the moment",
        "attempt_counts": "counters against guessing, of this installation's doors",
        "subject_parts": "a copy of the rest, for one person, for a week at most",
        "subject_day_parts": "a copy of calls, for one person, for a week at most",
        "inquiry_logs": "addresses and devices of visitors of this installation, for its security",
        "erased_records": "keyed digests: nobody can say any more of whom they were (counted)",
        "erasure_journal": "what a restored copy of this database has to erase again",
        "erasure_heads": "what a restored copy of this database has to erase again",
        "tenant_exports": "exports themselves",
        "export_parts": "exports themselves",
        "export_day_parts": "exports themselves",
        "export_schedules": "a setting of this installation's: it names a key, and is set again",
        "key_ring": "keys never leave",
        "key_floors": "keys never leave",
        "key_destructions": "about keys of this installation",
        "outbox_jobs": "work of this installation's",
        "ledger_pending": "waits for a second to be chained",
        "figures": "measurements of this installation",
        "promise_runs": "examinations of this installation",
        "check_runs": "examinations of this installation",
        "advisories": "the installation's own",
        "baselines": "the installation's own",
        "users": "the installation's: people sign in there with passwords of their own",
        "user_tenants": "the installation's directory",
        "tenant_directory": "the installation's directory",
        "sign_in_sessions": "sign-ins of the moment",
        "session_usages": "the installation's register of visits, thirty days",
        "known_devices": "the installation's",
        "recovery_codes": "credentials",
        "marketplace_keys": "the installation's",
        "marketplace_customers": "the installation's",
        "marketplace_orders": "the installation's",
    }
)
"""Tables that no archive has anything of, and why."""
