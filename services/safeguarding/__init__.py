"""Safeguarding owns alerts and what humans make of them: it hears what the other services say, and notices what they do
not say; it keeps concerns, their s.42 decisions, and restrictions of suppliers with who proposed and who decided them.
It says only what others must act on: a welfare check, a restriction. It does not own people, plans, visits or
suppliers, and does not make the welfare checks that it asks for."""
