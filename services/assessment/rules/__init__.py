"""How does assessment decide? Pure clauses and tables; nothing here reads a clock, a file or a row."""
