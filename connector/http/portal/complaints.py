"""What use cases refuse in English, said in the language of the form.

They speak to programs and to people of the console, too; the pages of registered people know each
of their sentences. One that is not known here is said in general words, never in English.
"""

import re
from collections.abc import Mapping
from typing import Final

from connector.http.forms.words import own_complaint
from connector.inquiries.declared import CARD
from privacy.core.errors import SiltaError

_EN: Final = {
    "required": "Fill in this field.",
    "too_long": "Use at most {n} characters.",
    "short_password": "Use at least {n} characters. A few random words make a good password.",
    "repeats": "This password repeats itself. Use different characters.",
    "common": "This password is one that attackers try first. Choose another.",
    "own": "Do not build your password from your name, your e-mail address or our name.",
    "card": CARD,
    "bad_email": "This is not an e-mail address.",
    "bad_login": "Use at least three characters, and no @.",
    "bad_date": "Write the date as year-month-day, like 1990-12-31.",
    "no_birth": "This cannot be a birth date.",
    "too_young": "Whoever registers must be {n} years old.",
    "login_taken": "This login is taken. Choose another.",
    "no_agreement": "Without your agreement to this there is no account.",
    "not_of_age": "Only who is of age and legally capable can register.",
    "wrong_password": "This password is wrong.",
    "not_chosen": "This is not the password that was chosen when this registration began.",
    "wrong_credentials": "The login or the password is wrong.",
    "too_many_requests": "That was tried many times. Wait a little and try again.",
    "unavailable": "It does not work at the moment. Try again in a minute.",
    "not_declared": "Something was sent that is not asked for here: it is not taken.",
    "gone": "This link was used, or its time is over. Ask for a new one.",
    "not_found": "There is nothing here under this address.",
    "other": "This needs a change.",
}
_FI: Final = {
    "required": "Täytä tämä kenttä.",
    "too_long": "Käytä enintään {n} merkkiä.",
    "short_password": "Käytä vähintään {n} merkkiä. Muutama satunnainen sana on hyvä salasana.",
    "repeats": "Tämä salasana toistaa itseään. Käytä eri merkkejä.",
    "common": "Tätä salasanaa murtautujat kokeilevat ensimmäisenä. Valitse toinen.",
    "own": "Älä tee salasanaa nimestäsi, sähköpostiosoitteestasi tai meidän nimestämme.",
    "card": "Tässä on maksukortin numero. Jätä se pois: korttinumeroita ei säilytetä.",
    "bad_email": "Tämä ei ole sähköpostiosoite.",
    "bad_login": "Käytä vähintään kolmea merkkiä, ei @-merkkiä.",
    "bad_date": "Kirjoita päivä muodossa vuosi-kuukausi-päivä, esimerkiksi 1990-12-31.",
    "no_birth": "Tämä ei voi olla syntymäaika.",
    "too_young": "Rekisteröityjän on oltava vähintään {n}-vuotias.",
    "login_taken": "Tämä käyttäjätunnus on varattu. Valitse toinen.",
    "no_agreement": "Ilman tätä hyväksyntää tiliä ei voi avata.",
    "not_of_age": "Vain täysi-ikäinen ja oikeustoimikelpoinen voi rekisteröityä.",
    "wrong_password": "Tämä salasana on väärä.",
    "not_chosen": "Tämä ei ole salasana, joka valittiin rekisteröinnin alussa.",
    "wrong_credentials": "Käyttäjätunnus tai salasana on väärä.",
    "too_many_requests": "Yrityksiä on ollut monta. Odota hetki ja yritä uudelleen.",
    "unavailable": "Juuri nyt se ei onnistu. Yritä minuutin kuluttua uudelleen.",
    "not_declared": "Mukana oli tieto, jota tässä ei kysytä: sitä ei oteta vastaan.",
    "gone": "Tämä linkki on käytetty tai vanhentunut. Pyydä uusi.",
    "not_found": "Tästä osoitteesta ei löydy mitään.",
    "other": "Tarkista tämä.",
}
_SV: Final = {
    "required": "Fyll i det här fältet.",
    "too_long": "Använd högst {n} tecken.",
    "short_password": "Använd minst {n} tecken. Några slumpvisa ord är ett bra lösenord.",
    "repeats": "Lösenordet upprepar sig. Använd olika tecken.",
    "common": "Det här lösenordet provar angripare först. Välj ett annat.",
    "own": "Bygg inte lösenordet av ditt namn, din e-postadress eller vårt namn.",
    "card": "Här står ett kortnummer. Ta bort det: kortnummer sparas aldrig.",
    "bad_email": "Det här är ingen e-postadress.",
    "bad_login": "Använd minst tre tecken, och inget @.",
    "bad_date": "Skriv datumet som år-månad-dag, till exempel 1990-12-31.",
    "no_birth": "Det här kan inte vara ett födelsedatum.",
    "too_young": "Den som registrerar sig måste vara minst {n} år.",
    "login_taken": "Användarnamnet är upptaget. Välj ett annat.",
    "no_agreement": "Utan det här godkännandet finns det inget konto.",
    "not_of_age": "Bara den som är myndig och rättshandlingsförmögen kan registrera sig.",
    "wrong_password": "Lösenordet är fel.",
    "not_chosen": "Det här är inte lösenordet som valdes när registreringen började.",
    "wrong_credentials": "Användarnamnet eller lösenordet är fel.",
    "too_many_requests": "Det har provats många gånger. Vänta lite och försök igen.",
    "unavailable": "Det går inte just nu. Försök igen om en minut.",
    "not_declared": "Något skickades som inte efterfrågas här: det tas inte emot.",
    "gone": "Länken har använts, eller dess tid är över. Be om en ny.",
    "not_found": "Det finns inget på den här adressen.",
    "other": "Det här behöver ändras.",
}
_DE: Final = {
    "required": "Füllen Sie dieses Feld aus.",
    "too_long": "Verwenden Sie höchstens {n} Zeichen.",
    "short_password": (
        "Verwenden Sie mindestens {n} Zeichen. Einige zufällige Wörter sind ein gutes Kennwort."
    ),
    "repeats": "Dieses Kennwort wiederholt sich. Verwenden Sie verschiedene Zeichen.",
    "common": "Dieses Kennwort versuchen Angreifer zuerst. Wählen Sie ein anderes.",
    "own": "Bilden Sie Ihr Kennwort nicht aus Ihrem Namen, Ihrer Adresse oder unserem Namen.",
    "card": "Hier steht eine Kartennummer. Lassen Sie sie weg: Kartennummern werden nie behalten.",
    "bad_email": "Das ist keine E-Mail-Adresse.",
    "bad_login": "Verwenden Sie mindestens drei Zeichen und kein @.",
    "bad_date": "Schreiben Sie das Datum als Jahr-Monat-Tag, zum Beispiel 1990-12-31.",
    "no_birth": "Das kann kein Geburtsdatum sein.",
    "too_young": "Wer sich registriert, muss {n} Jahre alt sein.",
    "login_taken": "Dieser Anmeldename ist vergeben. Wählen Sie einen anderen.",
    "no_agreement": "Ohne diese Zustimmung gibt es kein Konto.",
    "not_of_age": "Nur wer volljährig und geschäftsfähig ist, kann sich registrieren.",
    "wrong_password": "Dieses Kennwort ist falsch.",
    "not_chosen": "Das ist nicht das Kennwort, das zu Beginn der Registrierung gewählt wurde.",
    "wrong_credentials": "Anmeldename oder Kennwort ist falsch.",
    "too_many_requests": "Das wurde oft versucht. Warten Sie ein wenig, dann noch einmal.",
    "unavailable": "Im Moment geht es nicht. Versuchen Sie es in einer Minute noch einmal.",
    "not_declared": "Etwas, wonach hier nicht gefragt ist, wurde gesendet: wir nehmen es nicht.",
    "gone": "Dieser Link wurde benutzt, oder seine Zeit ist um. Erbitten Sie einen neuen.",
    "not_found": "Unter dieser Adresse ist nichts.",
    "other": "Bitte ändern Sie dies.",
}
COMPLAINTS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": _EN,
    "fi": _FI,
    "sv": _SV,
    "de": _DE,
}
_NUMBER: Final = re.compile(r"\d+")
_KEYS: Final = {_NUMBER.sub("{n}", text): key for key, text in _EN.items()}
_CODES: Final = {
    "too_many_attempts": "too_many_requests",
    "too_many_mails": "too_many_requests",
    "internal_error": "unavailable",
    "method_not_allowed": "not_found",
    "link_used_or_expired": "gone",
}


def said_in(language: str, text: str, code: str = "") -> str:
    """`text` of a use case in `language`; by the refusal's code, or in general words, where the
    sentence is not known. English stays as it is."""
    words = COMPLAINTS.get(language, _EN)
    if words is _EN:
        return text
    own = own_complaint(language, text)
    if own:
        return own
    key = _KEYS.get(_NUMBER.sub("{n}", text)) or _CODES.get(code, code)
    numbers = _NUMBER.findall(text)
    return words.get(key, words["other"]).replace("{n}", numbers[0] if numbers else "")


def problem_in(language: str, refusal: SiltaError) -> str:
    """What is wrong as a whole."""
    return said_in(language, refusal.message, refusal.code)


def fields_in(language: str, refusal: SiltaError | None) -> Mapping[str, str]:
    """What is wrong with which field."""
    fields = refusal.details.get("fields") if refusal else None
    if not isinstance(fields, dict):
        return {}
    return {str(name): said_in(language, str(text)) for name, text in fields.items()}
