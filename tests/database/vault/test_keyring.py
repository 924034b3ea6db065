from tests.database.vault.conftest import Vault, today


def test_smoke(vault: Vault) -> None:
    tenant = vault.tenant()
    sealed = vault.seal_day(tenant, today())
    assert vault.open_day(tenant, today(), sealed) == b"value"
    assert vault.other_process().open_day(tenant, today(), sealed) == b"value"
    secret = vault.seal_scope(tenant)
    assert vault.other_process().open_scope(tenant, secret) == b"secret"
