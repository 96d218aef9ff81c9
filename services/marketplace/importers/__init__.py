"""What published files does marketplace read? Importers are pure: bytes in, entries and a row-level report out."""
