"""What goes wrong, on purpose: each module prints its figures."""
