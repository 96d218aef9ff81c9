"""What marketplace does when it is asked. A file per verb family."""
