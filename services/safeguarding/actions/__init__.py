"""What safeguarding does when it is asked. A file per verb family."""
