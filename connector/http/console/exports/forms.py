"""The forms of exports. A passphrase is never shown again, and never kept."""

from typing import Final

from wtforms import IntegerField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from connector.exports.ages import LONGEST_PASSPHRASE, SHORTEST_PASSPHRASE
from connector.exports.schedules import MOST_DAYS
from tenants.http.forms import Sheet

_KEY: Final = {"autocomplete": "off", "spellcheck": "false", "placeholder": "age1…"}


class MakeForm(Sheet):
    """A new export."""

    recipient = StringField(
        "Your age public key",
        [Length(max=100)],
        description=(
            "As age-keygen shows it. Only whoever has its private half opens the archive. Leave it "
            "empty to enter a passphrase when you fetch the archive."
        ),
        render_kw=_KEY,
    )


class FetchForm(Sheet):
    """What will open an archive that is for no key."""

    passphrase = PasswordField(
        "Passphrase",
        [Length(max=LONGEST_PASSPHRASE)],
        description=(
            f"{SHORTEST_PASSPHRASE} characters or more: several words are best. It is kept "
            "nowhere; whoever forgets it makes another archive."
        ),
        render_kw={"autocomplete": "new-password"},
    )


class ScheduleForm(Sheet):
    """An export by itself, every so many days."""

    every_days = IntegerField(
        "Every so many days",
        [InputRequired("Say how often."), NumberRange(1, MOST_DAYS, f"1 to {MOST_DAYS} days.")],
        default=30,
    )
    recipient = StringField(
        "Your age public key",
        [InputRequired("A schedule needs a key: nobody is there to enter a passphrase.")],
        render_kw=_KEY,
    )
