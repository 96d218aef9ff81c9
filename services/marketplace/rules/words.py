"""How do marketplace's reasons read? Code -> template; put into words only here, only when somebody reads."""

from __future__ import annotations

WORDS = {
    # matching and offers
    "listing_not_live": "The listing takes nobody new.",
    "kind_not_wanted": "The supplier is of kind {kind}; the plan wants {wanted}.",
    "support_not_offered": "The listing is for {support}; the plan wants {wanted}.",
    "area_not_served": "The supplier does not work in {area}.",
    "no_room": "There is room for {room_minutes} a week; {weekly_minutes} are needed.",
    "supplier_restricted": "A restriction ({level}) is in force for this support.",
    "price_not_planned": "The plan names no price an hour; the listing asks {hourly_pence}.",
    "price_above_planned": "{hourly_pence} an hour is above the planned {planned_pence}.",
    "price_within_planned": "{hourly_pence} an hour is within the planned {planned_pence}.",
    "room_to_grow": "There is room for {room_minutes} a week; {weekly_minutes} are needed.",
    "supports_already": "The supplier supports this person already.",
    "new_to_the_person": "The supplier is new to this person.",
    "above_published_price": "{price_pence} an hour is above the published {hourly_pence}.",
    "requirement_not_open": "The requirement is {state}.",
    "offer_not_open": "The offer is {state}.",
    "offer_expired": "The offer was not answered in time.",
    # visits and claims
    "order_not_known": "No order is known by this reference.",
    "no_visit_planned": "No visit was planned around {planned_at}.",
    "not_recorded": "{claimed_pence} is claimed for {at}; no visit was recorded.",
    "minutes_differ": "{claimed_minutes} are claimed for {at}; {recorded_minutes} were recorded.",
    "price_differs": "{claimed_pence} is claimed for {at}; it comes to {agreed_pence} at the agreed price.",
    "missed_visit_claimed": "{claimed_pence} is claimed for {at}; that visit was {outcome}.",
    "claimed_twice": "The visit at {at} is claimed again, with {claimed_pence}.",
    "recorded_not_claimed": "A visit worth {recorded_pence} at {at} was recorded and is not claimed.",
    "reason_missing": "A reason is needed.",
    "outside_the_dispute": "{pence} is not between nothing and {most_pence}.",
}

ROW_WORDS = {
    "already_recorded": "Another record of this visit exists; correcting it is a step of its own.",
    "column_missing": "The file has no such column.",
    "empty_written_as_na": "NA was read as empty.",
    "minutes_without_visit": "Nobody came, so there can be no minutes.",
    "missing": "This is needed.",
    "names_people": "The provider's name is that of people; it was left out.",
    "not_a_code": "This is not a code.",
    "not_a_date": "This is not a date; it was left empty.",
    "not_a_location_id": "This is not the id of a registered location.",
    "not_a_postcode": "This is not a postcode; it was left empty.",
    "not_a_time": "This is not a date and time.",
    "not_an_outcome": "The outcome is delivered, missed, cancelled or frustrated.",
    "not_as_many_fields_as_columns": "The row has not as many fields as there are columns.",
    "not_csv": "The file is not CSV.",
    "not_nine_characters": "An area code has nine characters; this was left empty.",
    "not_utf8_csv": "The file is not CSV in UTF-8.",
    "not_whole_minutes": "This is not a number of whole minutes, at most a day.",
    "not_yet_happened": "This lies in the future.",
    "repeated_in_the_file": "This location came before in the file.",
    "same_place_again": "A place of this name and postcode came before in the file.",
    "start_without_visit": "Nobody came, so there can be no start.",
    "too_many_fields": "The row has more fields than there are columns.",
}
"""What a row-level report of a file says: the rule that a field breaks."""
