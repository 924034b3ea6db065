"""The matrix as a page: `python -m tests.faults.page` writes its table anew."""

import re

from tests.documentation.pages import DOCS
from tests.faults.systems import SYSTEMS
from tests.faults.troubles import TROUBLES, Ends

PAGE = DOCS / "integrations" / "faults.md"
_BLOCK = re.compile(r"(<!-- matrix -->\n\n).*?(\n<!-- /matrix -->)", re.DOTALL)


def matrix() -> str:
    """A row for each fault, a column for each system."""
    heads = ["what goes wrong", *(system.label for system in SYSTEMS)]
    lines = [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|"]
    for trouble in TROUBLES:
        cells = [
            words(trouble.ends_of(system.name)) if trouble.met_by(system.name) else "–"
            for system in SYSTEMS
        ]
        lines.append(f"| {trouble.words} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def words(ends: Ends) -> str:
    """The states that follow each other."""
    found = [str(state.value) for state in ends[:3]]
    return " → ".join(f"`{name}`" for name in dict.fromkeys(found))


def written() -> str:
    """What stands in the page now."""
    found = _BLOCK.search(PAGE.read_text())
    assert found is not None
    return found[0].partition("-->\n\n")[2].rpartition("\n<!--")[0]


def main() -> None:
    """Write it."""
    PAGE.write_text(_BLOCK.sub(lambda m: f"{m[1]}{matrix()}{m[2]}", PAGE.read_text()))


if __name__ == "__main__":
    main()
