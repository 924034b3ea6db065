"""How long a tenant's data is kept: the profile's promise is the longest."""

from privacy.core.errors import Invalid


def effective_retention(profile_days: int, tenant_days: int | None) -> int:
    """Calendar days that count: the tenant's choice where it is shorter than the profile's.

    A choice that is longer (a profile was shortened after it) never lengthens anything.
    """
    return profile_days if tenant_days is None else min(profile_days, max(tenant_days, 1))


def check_choice(profile_days: int, tenant_days: int | None) -> int | None:
    """What a tenant may choose: fewer days than the profile's, at least one, or no choice.

    Raises:
        Invalid: longer than promised, or less than a day.
    """
    if tenant_days is not None and not 1 <= tenant_days <= profile_days:
        raise Invalid(
            f"Choose from 1 to {profile_days} days: the privacy policy promises no more.",
            code="retention_out_of_range",
        )
    return tenant_days
