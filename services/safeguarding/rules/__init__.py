"""How does safeguarding decide? Tables and clauses; pure: no I/O, no clock, no framework."""
