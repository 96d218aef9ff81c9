"""The bare program: the same hops and row writes as the product, on raw asyncpg, one statement a batch, without any rule.

Frozen: it is the ceiling the product is measured against. It decides nothing, checks nothing, takes nothing back, knows no
repeats and no gaps; it only moves the same rows as fast as these libraries can. Change it only where it is wrong.
"""
