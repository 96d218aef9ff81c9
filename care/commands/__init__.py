"""Which commands are there? One module per group; each has `add_to(app)` and is named in care.cli.GROUPS."""
