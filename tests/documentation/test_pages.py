"""Pages hold together: links lead somewhere, commands exist, nobody's machine is named."""

import re
from pathlib import Path

import click
import pytest

from tests.architecture.sources import ROOT, product
from tests.documentation.pages import pages
from wsgi import silta

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"`(?:\.venv/bin/)?silta((?: [a-z][a-z-]*| --[a-z-]+)+)")
_BARE = re.compile(r"^ {4}(?:\.venv/bin/)?silta((?: [a-z][a-z-]*| --[a-z-]+)+)", re.MULTILINE)
LATER = {"docs/benchmarks.md"}
"""Pages that others write; they may come after ours."""


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text()):
        target, _, anchor = link.partition("#")
        if target.startswith(("http", "mailto")):
            continue
        found = (page.parent / target).resolve() if target else page
        if found.relative_to(ROOT).as_posix() in LATER and not found.exists():
            continue
        assert found.exists(), link
        assert not anchor or anchor in _anchors(found), link


def _complaint(words: list[str]) -> str | None:
    """Why these words after `silta` are no command of ours."""
    command: click.Command = silta
    for word in words:
        if word.startswith("--"):
            known = {
                name for option in command.params for name in (*option.opts, *option.secondary_opts)
            }
            if word not in known | {"--help"}:
                return f"{command.name} has no {word}"
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word)
            if found is None:
                return f"{command.name} has no {word}"
            command = found
    return None


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_in_pages_exist(page: Path) -> None:
    text = page.read_text()
    for words in (*_COMMAND.findall(text), *_BARE.findall(text)):
        assert _complaint(words.split()) is None, words


def test_commands_that_the_service_names_exist() -> None:
    """Every `silta …` in an error, a page or a docstring."""
    wrong = {
        f"{source.name}: silta{words}"
        for source in product()
        for words in _COMMAND.findall(re.sub(r'"\s*\n\s*f?"', "", source.text))
        if _complaint(words.split())
    }
    assert wrong == set()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_name_no_machine(page: Path) -> None:
    text = page.read_text()
    for word in ("/work/", "/root/", "/home/"):
        assert word not in text, word


def test_the_front_page_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150
