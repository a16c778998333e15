"""A small certificate authority of our own, for trying out and for small private PKIs: docs/local-ca.md.

`authority` is its key and certificate, `profiles` what it may issue, `issuing` and `revoking` how, `connector` the port, `keeping` the
folder that it lives in.
"""
