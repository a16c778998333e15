"""The HTTP API: other platforms submit, read, comment, cancel and follow. SPEC.md section 6."""
