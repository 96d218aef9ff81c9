"""How does budget decide? Pure clauses and tables over policies passed in, without clock, file or row."""
