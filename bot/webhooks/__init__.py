"""Webhooks: tell other platforms about events, signed as Standard Webhooks define. SPEC.md section 6."""
