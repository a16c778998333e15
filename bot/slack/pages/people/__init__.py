"""Groups, roles and what depends on them."""
