"""How hypothesis runs here: a slow moment of the machine is no failure."""

from hypothesis import HealthCheck, settings

settings.register_profile("blocks", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("blocks")
