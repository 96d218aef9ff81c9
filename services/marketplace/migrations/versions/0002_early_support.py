"""early support; what was there before is of a plan"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BASIS = "\"basis\" in ('plan', 'urgent', 'reablement')"


def upgrade() -> None:
    order()
    requirement()


def order() -> None:
    op.add_column("order", sa.Column("basis", sa.Text(), server_default=sa.text("'plan'"), nullable=False))
    op.create_check_constraint("ck_order_basis", "order", BASIS)
    op.add_column("order", sa.Column("until", sa.Date(), nullable=True))


def requirement() -> None:
    op.add_column("requirement", sa.Column("basis", sa.Text(), server_default=sa.text("'plan'"), nullable=False))
    op.create_check_constraint("ck_requirement_basis", "requirement", BASIS)
    op.add_column("requirement", sa.Column("any_kind", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("requirement", sa.Column("until", sa.Date(), nullable=True))
