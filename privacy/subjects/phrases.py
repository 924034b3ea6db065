"""What answers say, in the languages of letters."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from privacy.subjects.words import Because

Phrases = Mapping[str, str]

_EN: Final[Phrases] = {
    "erasure": "We have erased your personal data.",
    "erased": "Erased: {what}, {count}.",
    "kept": "Kept: {what}, {count}, because {because}{until}.",
    "until": ", until {day}",
    "rectification": "We have corrected your personal data as you asked.",
    "restriction": "We have restricted the use of your personal data as you asked. We tell you "
    "before the restriction is lifted.",
    "processing": "We no longer process the data that you objected to; it is stored only as long "
    "as claims need it.",
    "told": "Those to whom the data was disclosed have been told: {count}.",
    "file": "The file with your personal data is ready.",
    "forwarded": "Your request has gone to these organisations, each of which answers you:",
    "nowhere": "No organisation that uses this service holds data about you.",
    "unproven": "We asked you to prove that the request comes from the person whose data it is "
    "about, and had no proof by {until}. We cannot identify you, so we cannot do what you asked "
    "(GDPR Art. 11(2), 12(2), 12(6)). You can ask again at any time.",
    "uncalled": "You left a telephone number alone, and by {until} nobody has noted a call to it: "
    "that was ours to do, and it is late. Without it we cannot identify you, so we cannot do what "
    "you asked (GDPR Art. 11(2), 12(2)). You can ask again at any time.",
    Because.ACCOUNTING: "the law on bookkeeping obliges us to keep it",
    Because.CLAIMS: "claims from the contract can still be made",
    Because.EVIDENCE: "it proves that we had your consent (GDPR Art. 7(1))",
    Because.SUPPRESSION: "so that your objection is honoured; it names nobody any more",
    Because.ACCOUNTABILITY: "it proves that we answered you (GDPR Art. 5(2))",
    Because.SENDING: "it is our answer to you",
    Because.HOLD: "it is needed for a legal claim (GDPR Art. 17(3)(e)); the rest is erased when "
    "that ends",
}
_FI: Final[Phrases] = {
    "erasure": "Olemme poistaneet henkilötietosi.",
    "erased": "Poistettu: {what}, {count}.",
    "kept": "Säilytetty: {what}, {count}; peruste: {because}{until}.",
    "until": ", {day} asti",
    "rectification": "Olemme oikaisseet henkilötietosi pyyntösi mukaisesti.",
    "restriction": "Olemme rajoittaneet henkilötietojesi käsittelyä pyyntösi mukaisesti. "
    "Ilmoitamme sinulle ennen kuin rajoitus poistetaan.",
    "processing": "Emme enää käsittele tietoja, joiden käsittelyä vastustit; niitä säilytetään "
    "vain niin kauan kuin vaatimukset edellyttävät.",
    "told": "Tietojen vastaanottajille on ilmoitettu: {count}.",
    "file": "Tiedosto, jossa henkilötietosi ovat, on valmis.",
    "forwarded": "Pyyntösi on toimitettu seuraaville organisaatioille, jotka vastaavat sinulle:",
    "nowhere": "Yhdelläkään tätä palvelua käyttävällä organisaatiolla ei ole tietojasi.",
    "unproven": "Pyysimme sinua osoittamaan, että pyynnön on tehnyt henkilö, jonka tietoja se "
    "koskee, emmekä saaneet selvitystä viimeistään {until}. Emme pysty tunnistamaan sinua, joten "
    "emme voi toteuttaa pyyntöäsi (tietosuoja-asetuksen 11 artiklan 2 kohta, 12 artiklan 2 ja 6 "
    "kohta). Voit tehdä uuden pyynnön milloin tahansa.",
    "uncalled": "Jätit vain puhelinnumeron, eikä kukaan ole {until} mennessä merkinnyt "
    "soittaneensa siihen: se oli meidän tehtävämme, ja se on myöhässä. Ilman sitä emme pysty "
    "tunnistamaan sinua, joten emme voi toteuttaa pyyntöäsi (tietosuoja-asetuksen 11 artiklan 2 "
    "kohta ja 12 artiklan 2 kohta). Voit tehdä uuden pyynnön milloin tahansa.",
    Because.ACCOUNTING: "kirjanpitolaki velvoittaa säilyttämään ne",
    Because.CLAIMS: "sopimuksesta voidaan vielä esittää vaatimuksia",
    Because.EVIDENCE: "ne osoittavat suostumuksesi (tietosuoja-asetuksen 7 artiklan 1 kohta)",
    Because.SUPPRESSION: "jotta vastustustasi noudatetaan; ne eivät enää yksilöi ketään",
    Because.ACCOUNTABILITY: "ne osoittavat, että vastasimme sinulle (5 artiklan 2 kohta)",
    Because.SENDING: "ne ovat vastauksemme sinulle",
    Because.HOLD: "niitä tarvitaan oikeudelliseen vaateeseen (17 artiklan 3 kohdan e alakohta); "
    "loput poistetaan, kun se päättyy",
}
_SV: Final[Phrases] = {
    "erasure": "Vi har raderat dina personuppgifter.",
    "erased": "Raderat: {what}, {count}.",
    "kept": "Sparat: {what}, {count}, därför att {because}{until}.",
    "until": ", till {day}",
    "rectification": "Vi har rättat dina personuppgifter som du bad om.",
    "restriction": "Vi har begränsat behandlingen av dina personuppgifter som du bad om. Vi "
    "underrättar dig innan begränsningen upphör.",
    "processing": "Vi behandlar inte längre de uppgifter som du invände mot; de sparas bara så "
    "länge rättsliga anspråk kräver det.",
    "told": "De som uppgifterna har lämnats ut till är underrättade: {count}.",
    "file": "Filen med dina personuppgifter är klar.",
    "forwarded": "Din begäran har gått vidare till dessa organisationer, som svarar dig:",
    "nowhere": "Ingen organisation som använder tjänsten har uppgifter om dig.",
    "unproven": "Vi bad dig visa att begäran kommer från den person som uppgifterna gäller, och "
    "fick inget sådant senast {until}. Vi kan inte identifiera dig och kan därför inte göra det "
    "du bad om (dataskyddsförordningen artikel 11.2, 12.2 och 12.6). Du kan begära på nytt när "
    "som helst.",
    "uncalled": "Du lämnade bara ett telefonnummer, och till och med {until} har ingen antecknat "
    "ett samtal dit: det var vår sak, och det är för sent. Utan det kan vi inte identifiera dig "
    "och därför inte göra det du bad om (dataskyddsförordningen artikel 11.2 och 12.2). Du kan "
    "begära på nytt när som helst.",
    Because.ACCOUNTING: "bokföringslagen kräver att vi sparar det",
    Because.CLAIMS: "krav på grund av avtalet fortfarande kan framställas",
    Because.EVIDENCE: "det visar att vi hade ditt samtycke (dataskyddsförordningen artikel 7.1)",
    Because.SUPPRESSION: "din invändning ska följas; det pekar inte längre ut någon",
    Because.ACCOUNTABILITY: "det visar att vi har svarat dig (artikel 5.2)",
    Because.SENDING: "det är vårt svar till dig",
    Because.HOLD: "det behövs för ett rättsligt anspråk (artikel 17.3 e); resten raderas när det "
    "upphör",
}
_DE: Final[Phrases] = {
    "erasure": "Wir haben Ihre personenbezogenen Daten gelöscht.",
    "erased": "Gelöscht: {what}, {count}.",
    "kept": "Behalten: {what}, {count}. Grund: {because}{until}.",
    "until": ", bis {day}",
    "rectification": "Wir haben Ihre Daten berichtigt, wie Sie es beantragt haben.",
    "restriction": "Wir haben die Verarbeitung Ihrer Daten eingeschränkt, wie Sie es beantragt "
    "haben. Wir unterrichten Sie, bevor die Einschränkung aufgehoben wird.",
    "processing": "Wir verarbeiten die Daten nicht mehr, denen Ihr Widerspruch galt; sie werden "
    "nur gespeichert, solange Rechtsansprüche es erfordern.",
    "told": "Die Empfänger der Daten sind unterrichtet: {count}.",
    "file": "Die Datei mit Ihren personenbezogenen Daten liegt bereit.",
    "forwarded": "Ihr Antrag ist an diese Organisationen gegangen, die Ihnen antworten:",
    "nowhere": "Keine Organisation, die diesen Dienst nutzt, hat Daten über Sie.",
    "unproven": "Wir haben Sie um einen Nachweis gebeten, dass der Antrag von der Person kommt, "
    "um deren Daten es geht, und bis {until} keinen erhalten. Wir können Sie nicht "
    "identifizieren und dem Antrag deshalb nicht nachkommen (DSGVO Art. 11 Abs. 2, Art. 12 "
    "Abs. 2 und 6). Sie können jederzeit einen neuen Antrag stellen.",
    "uncalled": "Sie haben nur eine Telefonnummer angegeben, und bis {until} hat niemand einen "
    "Anruf dort vermerkt: Das war unsere Sache und ist versäumt. Ohne ihn können wir Sie nicht "
    "identifizieren und dem Antrag deshalb nicht nachkommen (DSGVO Art. 11 Abs. 2, Art. 12 "
    "Abs. 2). Sie können jederzeit einen neuen Antrag stellen.",
    Because.ACCOUNTING: "das Recht der Buchführung verpflichtet uns, sie aufzubewahren",
    Because.CLAIMS: "Ansprüche aus dem Vertrag können noch erhoben werden",
    Because.EVIDENCE: "sie belegen Ihre Einwilligung (DSGVO Art. 7 Abs. 1)",
    Because.SUPPRESSION: "damit Ihr Widerspruch beachtet wird; sie nennen niemanden mehr",
    Because.ACCOUNTABILITY: "sie belegen, dass wir Ihnen geantwortet haben (Art. 5 Abs. 2)",
    Because.SENDING: "sie sind unsere Antwort an Sie",
    Because.HOLD: "sie werden für einen Rechtsanspruch gebraucht (Art. 17 Abs. 3 lit. e); der "
    "Rest wird gelöscht, wenn er erledigt ist",
}
PHRASES: Final[Mapping[str, Phrases]] = MappingProxyType(
    {"en": _EN, "fi": _FI, "sv": _SV, "de": _DE}
)
