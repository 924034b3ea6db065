"""Every right that a key can have is said in words."""

from tenants.http.wording import SCOPES, scope_name
from tenants.permissions import KEY_SCOPES


def test_every_scope_of_keys_has_words_of_its_own() -> None:
    assert set(SCOPES) == set(KEY_SCOPES)
    assert len({scope_name(scope.value) for scope in KEY_SCOPES}) == len(KEY_SCOPES)
