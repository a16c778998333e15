"""The form for a new request, filled in by hand, from a message or from a closed request."""
