"""How does a reason of assessment's read? One template for each code; `in_words` of shared.explain fills it."""

WORDS = {
    # outcomes
    "unable_without_ground": "Finding {finding} says unable, but names none of the four grounds.",
    "able_with_grounds": "Finding {finding} says able, but names grounds for being unable.",
    "outcome_repeated": "Finding {finding} is about an outcome that another finding is about.",
    # determination
    "reasons_missing": "A determination needs written reasons.",
    "needs_from_impairment": "The needs arise from or are related to a physical or mental impairment or illness.",
    "needs_not_from_impairment": "The needs do not arise from a physical or mental impairment or illness.",
    "enough_outcomes_unable": "{unable} outcomes cannot be achieved; {needed} or more are needed.",
    "too_few_outcomes_unable": "{unable} outcomes cannot be achieved, fewer than the {needed} needed.",
    "significant_wellbeing_impact": "There is, or is likely to be, a significant impact on well-being.",
    "no_significant_wellbeing_impact": "There is no significant impact on well-being.",
    "carer_help_disregarded": "A carer meets {met} of these needs today; they are eligible all the same.",
    "eligible_on_all_three": "All three parts of the test hold: the needs are eligible.",
    "not_eligible": "Not all three parts of the test hold: the needs are not eligible.",
    # days
    "last_before_first": "The last day lies {days} days before the first.",
    # approval
    "same_as_author": "Nobody approves or agrees what they proposed.",
    "above_delegated_limit": "A year of this plan costs {yearly_pence}, above the delegated limit of {limit_pence}.",
    # plans
    "no_lines": "The plan has no lines.",
    "starts_in_the_past": "The plan would have started {days} days ago.",
    "minutes_differ": "Line {line} says {weekly_minutes} a week, its visits come to {pattern_minutes}.",
    "no_visits": "Line {line} plans no visits.",
    "price_differs": "Line {line} says {weekly_pence} a week, its hours at its price come to {priced_pence}.",
    "total_differs": "The plan says {weekly_pence} a week, its lines come to {lines_pence}.",
    "visits_overlap": "Line {line}: visit {second} overlaps visit {first}.",
    "line_repeated": "Line {line} has an id that another line has.",
}
