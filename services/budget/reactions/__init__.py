"""What does budget do about what it hears, and when time passes? A file per matter."""

from services.budget.reactions import budgets, closures, early_support, listings, money, payments, refunds, switching

ALL = (budgets, early_support, closures, listings, money, payments, refunds, switching)
