"""What does assessment do about what it hears, and when time passes? A file per matter."""

from services.assessment.reactions import plans, reviews

ALL = (plans, reviews)
