"""From when on is something worth a look? Figures of policy/thresholds.yaml: our own, set by no law."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Days, counts and percentages, as their names say."""

    shortage_stands_days: int
    early_support_told_days_ahead: int
    early_support_started_within_days: int
    delivery_heard_within_days: int
    spending_stops_days: int
    statements_stop_days: int
    claims_stop_days: int
    concerns_of_supplier: int
    concerns_within_days: int
    compared_at_least: int
    peers_at_least: int
    channelled_from_percent: int
    channelled_above_others_points: int
    cut_above_others_points: int
