"""Whether a tenant's services demand a second factor, whatever the tenant chose (promise F3)."""

from collections.abc import Collection

from privacy.profiles.load import load_profiles


def services_require_mfa(services: Collection[str]) -> bool:
    """True when the profile of one of `services` says so."""
    profiles = load_profiles()
    return any(profiles[key].mfa == "mandatory" for key in services if key in profiles)
