"""The textbook build: FastAPI, SQLAlchemy's ORM, one session and one offset commit per event, an outbox relayed row by row.

Frozen: it is what the product is measured against. The same tables, rules, checks and guarantees as the product, put
together as the tutorials of SQLAlchemy and aiokafka show it. Change it only where it is wrong.
"""
