"""The same faces for programs as the functional tests have."""

from tests.functional.api.conftest import programs

__all__ = ["programs"]
