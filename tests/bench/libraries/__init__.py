"""What a good team would write with a library made for the purpose, from its own tutorial. Frozen: never tune these."""
