"""Pages that a strict Content-Security-Policy can stand behind (ATTACK 33)."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import templates

PAGES = templates()
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"\son[a-z]+\s*=\s*[\"'{]", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"(?:src|href|action|srcset|poster|data)\s*=\s*[\"']\s*(?:https?:)?//", re.IGNORECASE
)
JINJA = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
FORM = re.compile(r"<form\b(?P<head>[^>]*)>(?P<inside>.*?)</form>", re.IGNORECASE | re.DOTALL)
BUTTON = re.compile(r"""class=["'](?P<classes>btn[^"']*)""")
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s+false", re.IGNORECASE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
@pytest.mark.attack(33)
def test_nothing_inline_and_nothing_from_elsewhere(page: Path) -> None:
    text = JINJA.sub("", _without_comments(page))
    for rule in (INLINE_SCRIPT, INLINE_STYLE, HANDLER, ELSEWHERE):
        assert rule.search(text) is None, rule.pattern
    assert "javascript:" not in text.lower()


def test_everything_is_escaped_but_our_own_drawings() -> None:
    raw = {page.name for page in PAGES if UNESCAPED.search(_without_comments(page))}
    assert raw <= {"icons.html"}, "its outlines are constants of the file itself"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
@pytest.mark.attack(33)
def test_forms_are_posted_with_a_token(page: Path) -> None:
    """GET forms would put what is typed into an address; only the ledger's filters may."""
    for form in FORM.finditer(_without_comments(page)):
        head = form["head"].lower()
        if 'method="get"' in head:
            assert page.parent.name == "ledger", "words that are typed belong into a body"
            continue
        assert 'method="post"' in head, head
        marks: tuple[str, ...] = ("forms.token()", "csrf_token")
        if page.parent.name == "web_forms":
            marks = ('name="challenge"',)  # no cookie comes along; the challenge is signed
        if page.parent.name == "centre":
            # No session to ride on (ADR 0027): a signed challenge, a code that was mailed, or
            # an address that is the proof itself.
            marks = ("robot(words", "entry(words")
            if page.name in ("unsubscribe.html", "longer.html"):
                continue
        assert any(mark in form["inside"] for mark in marks), head


def test_style_sheets_load_nothing_from_elsewhere() -> None:
    roots = {page.parents[1] for page in PAGES} | {page.parents[2] for page in PAGES}
    sheets = {sheet for root in roots for sheet in root.rglob("*.css")}
    assert sheets
    for sheet in sheets:
        assert re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", sheet.read_text()) is None, sheet


def _without_comments(page: Path) -> str:
    return re.sub(r"{#.*?#}", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_buttons_are_of_our_own_making() -> None:
    """Bootstrap's other kinds are too pale on one of our two grounds (WCAG 2.2, 1.4.3)."""
    ours = {"btn", "btn-sm", "btn-primary", "btn-quiet", "btn-danger", "btn-linklike"}
    worn = {
        kind
        for page in PAGES
        for classes in BUTTON.findall(_without_comments(page))
        for kind in classes.split()
        if kind.startswith("btn")
    }
    assert worn <= ours
