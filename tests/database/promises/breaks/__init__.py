"""How each promise is broken on purpose: what is made first, and what is done to it then."""

from tests.database.promises.breaks import installation, people, records
from tests.database.promises.breaks.acts import Break

BREAKS: dict[str, Break] = {**installation.BREAKS, **people.BREAKS, **records.BREAKS}
