"""What if anything could happen, in any order? The real runtime over a store and a log in memory, driven from a seed.

Of the product only PostgreSQL and Kafka are replaced: consumer, relay, timers, commands, inbox, fold, queue and
watermarks are the code that runs in production. It knows no service: `tests/simulation` brings those.
"""
