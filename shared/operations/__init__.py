"""What operators do by hand, for `shared.ops` and `care`."""
