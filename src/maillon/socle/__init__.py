"""Ground floor: tenants, accounts, rights, audit trail, outbox, interface components."""
