"""How hypothesis runs here: a slow moment of the machine is no failure."""

from hypothesis import settings

settings.register_profile("countersign", deadline=None)
settings.load_profile("countersign")
