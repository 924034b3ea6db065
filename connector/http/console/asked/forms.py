"""Forms from what a provider declares: a new vendor needs no page of its own."""

from collections.abc import Iterable
from typing import Any, Final

from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.validators import Length

from connector.http.console.accounts.forms import AccountForm
from connector.providers.port import CredentialField, Provider
from tenants.http.choices import choices
from tenants.http.forms import Sheet

_LONGEST: Final = Length(max=4000, message="This is longer than any such value: copy it again.")
_AS_IT_IS: Final = ("", "As it is")
_HERE: Final = "In development, a simulator's address can be entered."


class DraftForm(Sheet):
    """What every system that is asked needs besides its credential."""

    name = AccountForm.name
    region = AccountForm.region
    time_zone = AccountForm.time_zone


class StreamForm(Sheet):
    """One stream of an account by its name, or all of them."""

    stream = HiddenField(validators=[Length(max=60)])


class SecretField(StringField):  # type: ignore[misc]
    """A secret of a system: what was typed is covered, and never in a page again. No password
    of a person: browsers should neither offer nor keep one here."""

    def _value(self) -> str:
        return ""


def draft_form(provider: Provider, *, loopback: bool) -> type[DraftForm]:
    """The form that adds an account. `loopback`: simulators may be asked."""
    fields = _fields(provider, loopback=loopback, again=False)
    return type("ProviderDraftForm", (DraftForm,), fields)


def credential_form(provider: Provider, *, loopback: bool) -> type[Sheet]:
    """The form that enters a credential again; a field left empty keeps its value."""
    fields = _fields(provider, loopback=loopback, again=True)
    return type("ProviderCredentialForm", (Sheet,), fields)


def offered(provider: Provider, *, loopback: bool) -> Iterable[CredentialField]:
    """The fields that a page shows; those for simulators alone only where they may be asked."""
    return (
        field
        for field in provider.credential
        if loopback or not field.simulator or field.choices or field.default
    )


def entered(form: Sheet, provider: Provider) -> dict[str, str]:
    """The credential as it was typed."""
    names = (field.name for field in provider.credential if field.name in form)
    return {name: form[name].data or "" for name in names}


def _fields(provider: Provider, *, loopback: bool, again: bool) -> dict[str, Any]:
    return {
        field.name: _field(field, free=loopback and field.simulator, again=again)
        for field in offered(provider, loopback=loopback)
    }


def _field(field: CredentialField, *, free: bool, again: bool) -> Field:
    off = {"autocomplete": "off", "spellcheck": "false"}
    if field.secret:
        covered = off | {"class": "covered"}
        return SecretField(field.label, [_LONGEST], description=field.help, render_kw=covered)
    default = "" if again else field.default
    if field.choices and not free:
        pairs = [(one, one) for one in field.choices]
        return SelectField(
            field.label,
            choices=choices([_AS_IT_IS, *pairs] if again else pairs),
            default=default,
            description=field.help,
        )
    told = f"{field.help} {_HERE}".strip() if free and field.choices else field.help
    return StringField(field.label, [_LONGEST], default=default, description=told, render_kw=off)
