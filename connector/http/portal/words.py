"""What the pages of registered people say, in four languages. A test holds that none is missing."""

from collections.abc import Mapping
from typing import Final

from connector.http.portal.northern import FI, SV

_EN: Final = {
    "register": "Register",
    "sign_in": "Sign in",
    "sign_out": "Sign out",
    "account": "Your account",
    "who": "Login or e-mail address",
    "password": "Password",
    "new_password": "New password",
    "password.hint": "At least 12 characters. A few random words make a good one.",
    "forgotten": "Forgotten your password?",
    "send_link": "Send me a link",
    "have_account": "I have an account",
    "no_account": "I have no account yet",
    "confirm": "Confirm your address",
    "confirm.text": "The account opens with this address:",
    "confirm.password": (
        "Enter the password that you chose. If it is not taken, somebody else registered with "
        "your address: leave this page, or register anew."
    ),
    "confirm.button": "Open the account",
    "confirmed": "Your account is open. You can sign in now.",
    "look": "Look into your mailbox. A link that confirms your address is on its way.",
    "look.reset": "If there is such an account, a link is on its way to its address.",
    "reset.done": "Your password is set, and you are signed out everywhere. Sign in with it.",
    "details": "What you registered with",
    "email.fixed": "The e-mail address identifies the account; it stays.",
    "save": "Save",
    "saved": "Saved.",
    "asked": "You are asked to correct your data:",
    "agreements": "What you agreed to",
    "export": "Take everything along (JSON)",
    "delete": "Delete the account",
    "delete.text": (
        "You lose access at once, and may register again whenever you like. Your name, your "
        "address and what you agreed to are kept for claims from the contract until {until}; "
        "all else is erased now."
    ),
    "deleted": "Your account is deleted. What is kept of it is gone on {until}.",
    "of_age": "I am {years} years old at least, and legally capable.",
    "agree.conditions": "I agree to the conditions",
    "agree.policy": "I agree to the privacy policy",
    "agree.service_level": "I agree to the service level",
    "term.conditions": "Conditions",
    "term.policy": "Privacy policy",
    "term.service_level": "Service level",
    "read": "read",
    "field.login": "Login",
    "field.first_name": "First name",
    "field.last_name": "Last name",
    "field.patronymic": "Patronymic",
    "field.birth_date": "Birth date",
    "field.place_of_residence": "Place of residence",
    "field.region": "Region",
    "field.email": "E-mail address",
    "field.organisation": "Organisation",
    "field.address": "Address",
    "field.postcode": "Postcode",
    "field.telephone": "Telephone number",
    "field.other_entries": "Anything else",
}
_DE: Final = {
    "register": "Registrieren",
    "sign_in": "Anmelden",
    "sign_out": "Abmelden",
    "account": "Ihr Konto",
    "who": "Anmeldename oder E-Mail-Adresse",
    "password": "Kennwort",
    "new_password": "Neues Kennwort",
    "password.hint": "Mindestens 12 Zeichen. Einige zufällige Wörter sind ein gutes Kennwort.",
    "forgotten": "Kennwort vergessen?",
    "send_link": "Senden Sie mir einen Link",
    "have_account": "Ich habe schon ein Konto",
    "no_account": "Ich habe noch kein Konto",
    "confirm": "Adresse bestätigen",
    "confirm.text": "Das Konto wird mit dieser Adresse eröffnet:",
    "confirm.password": (
        "Geben Sie das Kennwort ein, das Sie gewählt haben. Wird es nicht angenommen, hat sich "
        "jemand anderes mit Ihrer Adresse registriert: verlassen Sie die Seite, oder registrieren "
        "Sie sich neu."
    ),
    "confirm.button": "Konto eröffnen",
    "confirmed": "Ihr Konto ist eröffnet. Sie können sich jetzt anmelden.",
    "look": "Sehen Sie in Ihr Postfach: ein Link, der Ihre Adresse bestätigt, ist unterwegs.",
    "look.reset": "Wenn es ein solches Konto gibt, ist ein Link an seine Adresse unterwegs.",
    "reset.done": "Ihr Kennwort ist gesetzt, und Sie sind überall abgemeldet.",
    "details": "Ihre Angaben",
    "email.fixed": "Die E-Mail-Adresse kennzeichnet das Konto; sie bleibt.",
    "save": "Speichern",
    "saved": "Gespeichert.",
    "asked": "Bitte berichtigen Sie Ihre Angaben:",
    "agreements": "Dem haben Sie zugestimmt",
    "export": "Alles mitnehmen (JSON)",
    "delete": "Konto löschen",
    "delete.text": (
        "Sie verlieren sofort den Zugang und können sich jederzeit neu registrieren. Ihr Name, "
        "Ihre Adresse und Ihre Zustimmungen bleiben für Ansprüche aus dem Vertrag bis {until}; "
        "alles andere wird jetzt gelöscht."
    ),
    "deleted": "Ihr Konto ist gelöscht. Was davon bleibt, ist am {until} weg.",
    "of_age": "Ich bin mindestens {years} Jahre alt und geschäftsfähig.",
    "agree.conditions": "Ich stimme den Bedingungen zu",
    "agree.policy": "Ich stimme der Datenschutzerklärung zu",
    "agree.service_level": "Ich stimme dem Leistungsumfang zu",
    "term.conditions": "Bedingungen",
    "term.policy": "Datenschutzerklärung",
    "term.service_level": "Leistungsumfang",
    "read": "lesen",
    "field.login": "Anmeldename",
    "field.first_name": "Vorname",
    "field.last_name": "Nachname",
    "field.patronymic": "Vatersname",
    "field.birth_date": "Geburtsdatum",
    "field.place_of_residence": "Wohnort",
    "field.region": "Region",
    "field.email": "E-Mail-Adresse",
    "field.organisation": "Organisation",
    "field.address": "Anschrift",
    "field.postcode": "Postleitzahl",
    "field.telephone": "Telefonnummer",
    "field.other_entries": "Weitere Angaben",
}
PORTAL: Final[Mapping[str, Mapping[str, str]]] = {"en": _EN, "fi": FI, "sv": SV, "de": _DE}


def portal_words(language: str) -> Mapping[str, str]:
    """Everything in one language; English for one that these pages do not speak."""
    return PORTAL.get(language, _EN)
