"""Details of a request: what will be signed, its gates and decisions, its audit trail."""
