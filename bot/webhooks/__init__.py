"""Webhooks: other platforms are told what happens, signed as Standard Webhooks are. SPEC.md section 6."""
