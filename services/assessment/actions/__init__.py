"""What assessment does when it is asked. A file per verb family."""
