"""What may be asked of budget? A file per verb family."""
