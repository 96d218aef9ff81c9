"""lines that the council manages for a time: nobody accounts for those days"""

import sqlalchemy as sa
from alembic import op

from shared.runtime import tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    spending()
    switched_line()
    tables.protect(op, "safeguarding", ("switched_line",))


def spending() -> None:
    op.add_column("spending", sa.Column("line_id", sa.Uuid(), nullable=True))


def switched_line() -> None:
    op.create_table(
        "switched_line",
        sa.Column("line_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("days", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("line_id", "council_id"),
    )
