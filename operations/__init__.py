"""DUTIES. People, roles, targets, screens and the audit trail: the small read-write state database."""
