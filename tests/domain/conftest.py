"""How hypothesis runs here: a slow moment of the machine is no failure."""

from hypothesis import HealthCheck, settings

settings.register_profile("countersign", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("countersign")
