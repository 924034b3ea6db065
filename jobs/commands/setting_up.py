"""Bring an installation to where this version's processes can start."""

from jobs.installation import Installation
from migrations.run import migrate
from privacy.retention.partitions import ensure_partitions
from privacy.retention.rules import day_rules, longest_keep
from privacy.vault.days_ahead import make_days_ahead
from privacy.vault.foundings import found_ring
from tenants.tenants.create import ensure_installation


def set_up(installation: Installation) -> bool:
    """Migrate, found the key ring once, make partitions and day keys ahead.

    Returns:
        Whether the key ring was founded now.
    """
    engines, rules = installation.engines, day_rules()
    migrate(engines.owner)
    ensure_partitions(engines.owner, keep_days=longest_keep(rules))
    founded = found_ring(engines.keeper, installation.custody)
    ensure_installation(installation.desk)
    kinds = [rule.kind for rule in rules]
    make_days_ahead(engines.keeper, installation.custody, kinds=kinds)
    # The signing key is made at the first start, so that its public half can be pinned at once.
    _ = installation.signer
    return founded
