"""A small local certificate authority for tests and small private PKIs: docs/local-ca.md.

`authority` is its key and certificate, `profiles` what it may issue, `issuing` and `revoking` how, `connector` the port, `keeping` the
folder that it lives in.
"""
