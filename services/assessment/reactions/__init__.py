"""What does assessment do about what it hears, and when time passes? A file per matter."""

from services.assessment.reactions import early_support, payments, plans, reviews

ALL = (plans, reviews, early_support, payments)
