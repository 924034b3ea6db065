"""Privacy profiles: what a service promises, as configuration that the service enforces."""

from privacy.profiles.load import load_profiles, profile
from privacy.profiles.model import Profile

__all__ = ["Profile", "load_profiles", "profile"]
