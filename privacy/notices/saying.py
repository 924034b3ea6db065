"""What every part of a notice is given: the rules, the language, and which version it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from privacy.notices.languages import Speech
from privacy.profiles.model import Profile


@dataclass(frozen=True, slots=True)
class Saying:
    """A profile that is being put into words."""

    rules: Profile
    speech: Speech
    number: int
    dated: date
    organisation: str

    def say(self, section: str, key: str, **values: object) -> str:
        """A sentence; the names of everybody are at hand in each."""
        names = {
            "service": self.rules.service,
            "controller": self.rules.controller.name,
            "organisation": self.organisation,
        }
        return self.speech.say(section, key, **{**names, **values})

    def meanings(self, names: Iterable[str]) -> str:
        """Fields by what they mean, in the profile's own order, each once."""
        wanted = set(names)
        found: dict[str, str] = {}
        for field in (field for kind in self.rules.data for field in kind.fields):
            if field.name in wanted:
                found.setdefault(field.name, self.speech.field(field))
        return "; ".join(dict.fromkeys(found.values()))

    def kinds(self, keys: Iterable[str]) -> str:
        """Kinds of data by name."""
        return self.speech.join(self.speech.kind(self.rules.kind(key)) for key in keys)
