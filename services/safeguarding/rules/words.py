"""How do safeguarding's reasons read? Code -> template; put into words only here, only when somebody reads."""

from __future__ import annotations

WORDS = {
    "time_critical_visit_missed": "A visit that cannot wait was missed on {day}.",
    "visits_missed_by_person": "{visits} visits to this person were missed between {first_day} and {last_day}.",
    "visits_missed_by_supplier": (
        "{visits} visits of this supplier to {people} people were missed between {first_day} and {last_day}."
    ),
    "visits_missed": "Visits were missed in the week of {week}.",
    "nothing_started": "The plan was agreed on {agreed_on} and {days} days later nothing has started.",
    "restriction_review_due": "The restriction is to be reviewed on {review_on}.",
    "all_three_parts_met": "All three parts of the test in Care Act 2014 s.42(1) are met.",
    "no_needs_for_care_and_support": "There is no reasonable cause to suspect needs for care and support.",
    "no_abuse_or_neglect_or_risk_of_it": "There is no reasonable cause to suspect abuse or neglect, or a risk of it.",
    "able_to_protect_themselves": "The adult's needs do not prevent them from protecting themselves.",
    "about_nobody": "A concern is about a person, about a supplier, or about both.",
    "supplier_is_service_provider": "Where a supplier is the source of risk, it counts as a service provider.",
    "no_adult_named": "A statutory enquiry is about an adult: raise a concern that names who.",
    "reason_missing": "A reason is needed.",
    "support_repeated": "The same support is named twice.",
    "decided_by_the_proposer": "Who proposed this cannot decide it.",
    "review_not_after_today": "The review date {review_on} is not after today.",
    "review_too_late": "The review date {review_on} is more than {longest_days} days away.",
}
