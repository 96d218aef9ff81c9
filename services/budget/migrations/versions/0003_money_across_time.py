"""prices to come, arrears, what is owed back for claims that were too high, and capital in special cases"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    commitment()
    claim()
    for table in ("purse", "position", "journal"):
        owed_back(table)
    purse()
    journal()
    financial_assessment()


def commitment() -> None:
    op.add_column("commitment", sa.Column("begins_on", sa.Date(), nullable=True))
    op.add_column("commitment", sa.Column("coming", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("commitment", sa.Column("costs", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("commitment", sa.Column("arrears_pence", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_check_constraint("ck_commitment_7", "commitment", "arrears_pence >= 0")


def claim() -> None:
    op.add_column("claim", sa.Column("revision", sa.BigInteger(), nullable=False, server_default="1"))
    op.add_column("claim", sa.Column("owed_back_pence", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("claim", sa.Column("given_back_pence", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_check_constraint("ck_claim_2", "claim", "owed_back_pence >= 0")
    op.create_check_constraint("ck_claim_3", "claim", "given_back_pence >= 0")


def owed_back(table: str) -> None:
    op.add_column(table, sa.Column("owed_back", sa.BigInteger(), nullable=False, server_default="0"))


def purse() -> None:
    """Another account: what balances has one more place to be in. A release that does not know it never posts to it."""
    debits = "available+committed+delivered+paid+accounted_for+reserved+returned+owed_back"
    op.drop_constraint("ck_purse_11", "purse", type_="check")
    op.create_check_constraint("ck_purse_11", "purse", f"{debits} = allocated+contribution+disputed")
    op.create_check_constraint("ck_purse_14", "purse", "owed_back >= 0")
    op.create_check_constraint("ck_position_7", "position", "owed_back >= 0")


def journal() -> None:
    accounts = (
        "allocated+contribution+available+committed+delivered+disputed+paid+accounted_for+reserved+returned+owed_back"
    )
    op.drop_constraint("ck_journal_1", "journal", type_="check")
    op.create_check_constraint("ck_journal_1", "journal", f"{accounts} = 0")


def financial_assessment() -> None:
    op.add_column("financial_assessment", sa.Column("equity", sa.Text(), nullable=True))
    op.add_column("financial_assessment", sa.Column("shrunk", sa.Text(), nullable=True))
