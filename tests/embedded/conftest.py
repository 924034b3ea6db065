"""Folders for servers under test, and stand-ins for being killed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import temporary_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short-named temporary folder that the servers' user can pass through."""
    made = temporary_folder()
    yield made
    for link in made.rglob("data"):
        if link.is_symlink():
            shutil.rmtree(link.resolve().parent, ignore_errors=True)
    shutil.rmtree(made, ignore_errors=True)
