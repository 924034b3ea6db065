"""What the description of the API says in words."""

from typing import Final

TITLE: Final = "Silta API"

DESCRIPTION: Final = """Call records in, found again, gone on time.

**Keys.** Send `Authorization: Bearer silta_…`. A key has scopes and belongs to one tenant. A test
key checks everything, stores nothing and finds no call; its answers say `Silta-Mode: test`.

**Errors** are `application/problem+json` (RFC 9457). Programs go by `code`; `request_id` names the
request to support. Nothing that was sent is repeated in an error.

**Personal data** travels in bodies only, never in a URL. Records are kept for the number of days
that the service's privacy policy states, and cannot be opened by anybody after that.

**Limits** are said in each answer by `RateLimit-Policy` and `RateLimit`; past them the answer is
429 with `Retry-After`.
"""

TAGS: Final = {
    "calls": "Call records: send, find, read.",
    "accounts": "The telephone systems that are connected.",
    "contacts": "Customers and prospects: of connected systems, and your own.",
    "invoices": "Sales invoices and their payments.",
    "subscriptions": "What customers have, since when.",
    "products": "What is sold.",
    "charges": "What calls cost your customers, and the invoices of it.",
    "fields": "Other information that your delivery needs, in fields that you declare.",
    "inquiries": "What people ask: find, read, record, answer.",
    "events": "Where we tell you of what happens (Standard Webhooks).",
    "registers": "Consents and objections, and whether something may be sent.",
    "overseen": "Losses of data, disclosures, processors, and records of processing.",
    "subject-requests": "What people ask for about their own data: record, identify, answer.",
    "exports": "Archives of everything the tenant has, to take along.",
    "promises": "How the promises of the privacy policies stand.",
    "usage": "Counts that identify nobody.",
    "key": "The API key itself.",
}
