"""Marketplace owns suppliers of every kind (their names are business data and live here), listings with price and room,
requirements, matches, offers, orders, visits and claims. It does not own people (it knows their pseudonyms and whom they
let see them), money (it hears whether funds are committed) or restrictions (it keeps copies and obeys them)."""
