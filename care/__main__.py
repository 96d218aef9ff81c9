"""How is `care` run without its entry point? `python -m care`."""

from care.cli import main

main()
