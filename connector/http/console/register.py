"""Put the console into an application."""

from flask import Flask
from flask_bootstrap import Bootstrap5

from connector.http.console import places, wording
from connector.http.console.accounts import acts as account_acts
from connector.http.console.accounts import changes as account_changes
from connector.http.console.accounts.views import accounts
from connector.http.console.api_keys.views import api_keys
from connector.http.console.asked import acts as asked_acts
from connector.http.console.backups.ended import ended_days
from connector.http.console.backups.views import backups
from connector.http.console.breaches import table as breach_table
from connector.http.console.breaches.views import breaches
from connector.http.console.calls import downloads as call_downloads
from connector.http.console.calls.views import calls
from connector.http.console.charging.views import charging
from connector.http.console.contacts import acts as contact_acts
from connector.http.console.contacts.views import contacts
from connector.http.console.disclosures.views import disclosures
from connector.http.console.documents.views import documents
from connector.http.console.events_out.views import events
from connector.http.console.exports.views import exports
from connector.http.console.free_fields.views import free_fields
from connector.http.console.home import console
from connector.http.console.informing.views import informing
from connector.http.console.inquiries import acts as inquiry_acts
from connector.http.console.inquiries.views import inquiries
from connector.http.console.ledger.views import ledger
from connector.http.console.mappings import views as mapping_views
from connector.http.console.me import me
from connector.http.console.notices.views import notices
from connector.http.console.operator.checks import checks
from connector.http.console.operator.jobs import jobs
from connector.http.console.operator.kept_mails import kept_mails
from connector.http.console.operator.keys import keys
from connector.http.console.operator.mails import mails
from connector.http.console.operator.marketplaces import marketplaces
from connector.http.console.operator.signals import signals
from connector.http.console.operator.tenants import tenants
from connector.http.console.overview import overview
from connector.http.console.people import acts as people_acts
from connector.http.console.people.views import people
from connector.http.console.processors.views import processors
from connector.http.console.promises.views import promises
from connector.http.console.records.invoices import invoices
from connector.http.console.records.subscriptions import subscriptions
from connector.http.console.registers.consents import consents
from connector.http.console.registers.objections import objections
from connector.http.console.registrations.views import registrations
from connector.http.console.stale.views import stale
from connector.http.console.subjects import acts as subject_acts
from connector.http.console.subjects import decisions as subject_decisions
from connector.http.console.subjects import holds as subject_holds
from connector.http.console.subjects.views import subjects
from connector.http.console.tenant import tenant
from connector.http.console.web_forms.views import web_forms
from tenants.http.sign_in.register import sign_in

BLUEPRINTS = (
    console,
    sign_in,
    overview,
    calls,
    contacts,
    invoices,
    subscriptions,
    inquiries,
    web_forms,
    registrations,
    accounts,
    documents,
    charging,
    consents,
    objections,
    subjects,
    notices,
    informing,
    disclosures,
    breaches,
    processors,
    promises,
    stale,
    checks,
    people,
    api_keys,
    free_fields,
    events,
    exports,
    ledger,
    tenant,
    me,
    tenants,
    marketplaces,
    jobs,
    mails,
    kept_mails,
    signals,
    keys,
    backups,
    ended_days,
)
ACTS = (
    account_acts,
    account_changes,
    asked_acts,
    breach_table,
    call_downloads,
    contact_acts,
    inquiry_acts,
    mapping_views,
    people_acts,
    subject_acts,
    subject_decisions,
    subject_holds,
)
"""Modules whose views join a blueprint when they are imported."""


def register(app: Flask) -> None:
    """Register every page with `app`, and what templates need."""
    Bootstrap5(app)
    wording.install(app)
    places.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
