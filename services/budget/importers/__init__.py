"""What published files does budget read? Importers are pure: bytes in, rows and a row-level report out."""
