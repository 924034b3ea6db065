"""A port that a simulator listens on."""

from typing import Final

import click

PORT: Final = click.IntRange(0, 65535)
"""0 is any free one (RFC 6335)."""
