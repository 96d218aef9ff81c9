"""How does marketplace decide? Tables and clauses; pure: no I/O, no clock, no framework."""
