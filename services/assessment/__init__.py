"""Assessment owns people: who they are (identity and contact data live only here), who speaks for them, their requests,
assessments and determinations, their plans and reviews, and whom they let see them. It does not own money, suppliers,
visits or concerns; it hears of those as facts."""
