"""What a profile says of data: days, fields, purposes, sources."""

from datetime import timedelta

from connector.calls.keeping import kept_days
from connector.inquiries.declared import fields_of
from connector.inquiries.keeping import ends_on
from privacy.consents.purposes import ConsentPurpose, askable
from privacy.identities.shapes import Identity
from privacy.mails.compose import kept_for
from privacy.profiles import profile
from privacy.suppressions.purposes import Sending
from tests.database.notices.changes import on_kind, without_field
from tests.database.notices.effects import (
    MOMENT,
    Case,
    inquiry_days,
    keeps,
    kept_agent,
    obliged,
    origin,
    stripped,
    verdict,
)

EMAIL = Identity.email("robin@example.org")


OF_DATA = (
    Case(
        "data.days: calls",
        "T",
        on_kind("calls", days=20),
        "20 days, the day of the call",
        lambda _, work, __: kept_days(work).keep,
        30,
        20,
    ),
    Case(
        "data.days: calls, keys",
        "T",
        on_kind("calls", days=20),
        "20 days",
        keeps("T", "calls"),
        30,
        20,
    ),
    Case(
        "data.days: sessions",
        "T",
        on_kind("sessions", days=5),
        "5 days, the day of the visit",
        keeps("console", "sessions"),
        30,
        5,
    ),
    Case(
        "data.days: technical_logs",
        "C",
        on_kind("technical_logs", days=3),
        "3 days, the day itself",
        keeps("C", "technical_logs"),
        30,
        3,
    ),
    Case(
        "data.days: inquiries",
        "C",
        on_kind("inquiries", days=100),
        "100 days from the last message",
        inquiry_days,
        730,
        100,
    ),
    Case(
        "data.days: unofficial_messages",
        "V",
        on_kind("unofficial_messages", days=4),
        "4 days from its arrival",
        lambda *_: (
            ends_on(profile("V"), channel="unofficial", state="open", last=MOMENT.date())
            - MOMENT.date()
        ),
        timedelta(30),
        timedelta(4),
    ),
    Case(
        "data.days: mails",
        "N",
        on_kind("mails", days=2),
        "2 days at most",
        lambda *_: kept_for().days,
        7,
        2,
    ),
    Case(
        "data.at_the_end",
        "C",
        on_kind("inquiries", at_the_end="erased"),
        "then it is erased",
        lambda *_: ConsentPurpose.LONGER_CONTACT in askable(profile("C")),
        True,
        False,
    ),
    Case(
        "data.fields",
        "C",
        without_field("inquiries", "company"),
        "E-mail address; Telephone number; Language",
        lambda *_: "company" in fields_of("C"),
        True,
        False,
    ),
    Case(
        "data.fields: technical_logs",
        "C",
        without_field("technical_logs", "user_agent"),
        "Data: IP address\n",
        kept_agent,
        "x",
        None,
    ),
    Case(
        "data.fields: contacts", "M", without_field("contacts", "vat_id"), "", stripped, False, True
    ),
    Case(
        "data.purposes",
        "C",
        on_kind("inquiries", purposes=("response",)),
        "What it is for: answering you\n",
        verdict(Sending.FUTURE_COMMUNICATION, "C", EMAIL),
        "not_objected",
        "purpose_not_declared",
    ),
    Case(
        "data.retention",
        "N",
        on_kind("contacts", retention="accounting_obligation"),
        "until the last duty to keep accounts ends",
        obliged,
        False,
        True,
    ),
    Case(
        "data.subjects, data.sources",
        "N",
        on_kind(
            "contacts", subjects="customers", sources=("public_source",), public_sources=("YTJ",)
        ),
        "Where it comes from: public sources: YTJ",
        origin,
        ("customers_of_customers", "given_by_customer"),
        ("customers", "public_source"),
    ),
)
