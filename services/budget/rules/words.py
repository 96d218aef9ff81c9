"""How does a reason of budget's read? One template for each code; `in_words` of shared.explain fills it."""

WORDS = {
    # allocation
    "points_in_table": "{points} points, which the council's published table turns into this sum a week.",
    "hours_at_rate": "{points} points are {table_minutes} a week in the table, at the local {rate_pence} an hour.",
    "willing_carer": "A carer is willing and able to give {carer_minutes} a week, taken off at {rate_pence} an hour.",
    "estimate_differs": "The table gives {table_minutes} a week; the assessor's estimate is {estimated_minutes}.",
    "points_outside_table": "The council's table says nothing about {points} points.",
    # no figure
    "no_policy_in_force": "The council has no allocation policy in force on that day, so no figure was indicated.",
    "policy_has_no_row": "The council's policy lacks a figure that is needed, so no figure was indicated.",
    # employment
    "pay_at_wage": "{paid_minutes} at {wage_pence} an hour; the lowest lawful wage is {floor_pence}.",
    "local_on_costs": "What employing adds, at the council's own published percentage.",
    "holiday_pay": "Holiday of 5.6 weeks a year, 12.07 % of pay.",
    "employer_ni": "Employer's National Insurance on what is above {threshold_pence} a week.",
    "employment_allowance": "The Employment Allowance takes off up to {relief_pence} a week.",
    "employer_pension": "The employer's part of the workplace pension.",
    # charging
    "charge_exempt": "Nothing may be charged for this support.",
    "income_in_all": "All income a week.",
    "income_left_out": "Income that does not count.",
    "tariff_income": "A pound a week for every £250, or part of it, of capital above {lower_pence}.",
    "housing_costs": "Housing costs that benefits do not meet.",
    "minimum_income": "What must be left to live on ({part}).",
    "disability_costs": "Costs that follow from the disability.",
    "other_allowed": "Other costs that the council allows.",
    "nothing_left": "Nothing is left above what must be kept, so nothing is asked.",
    "no_more_than_cost": "No more is asked than the support costs, {cost_pence} a week.",
    "above_upper_limit": "Capital is above {upper_pence}, so the full cost is paid.",
    "not_an_adult": "Only an adult is assessed here.",
    # adequacy
    "cheapest_with_room": "The cheapest listed with room charges {hourly_pence} an hour and has {room_minutes} a week.",
    "no_room": "Nobody listed has enough room; the cheapest has {room_minutes} a week at {hourly_pence} an hour.",
    "nobody_listed": "Nobody is listed for this support in the area; the plan's own price is used.",
    "hours_at_price": "{line_minutes} a week at {hourly_pence} an hour.",
    "planned_price": "The plan's own price of {hourly_pence} an hour.",
    # finalising
    "from_indicative": "The indicative budget was {indicated_pence} a week.",
    "changed_with_reason": "Changed by {change_pence} a week, with a recorded reason.",
    "no_reason_for_change": "The figure differs by {change_pence} from the indicative one, and no reason is given.",
    "shares": "The council pays {council_pence} and the person {person_pence} a week.",
    "shares_none_entered": "The council pays {council_pence} a week; no contribution of the person's was ever entered.",
    "person_share_not_as_entered": "The person's part would be {person_pence}; what was entered makes it {entered_pence}.",
    "shares_differ": "The two parts come to {shares_pence}, the budget to {weekly_pence}.",
    "council_share_below_zero": "The council's part would be {share_pence}.",
    "person_share_below_zero": "The person's part would be {share_pence}.",
}
