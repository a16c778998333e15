"""Configuration as code: one file that says who may do what, and the plan that brings it about."""
