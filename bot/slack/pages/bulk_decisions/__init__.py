"""Several requests decided at once."""
