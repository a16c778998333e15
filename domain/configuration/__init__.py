"""Configuration as code: one file for all that an administrator configures, and the plan that applies it."""
