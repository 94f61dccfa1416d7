"""What a reset destroys of the reports' making: raw events, and what closed days hide and carry."""

from datetime import date

from aggregate.destruction import raw_days
from core.deletions import Destroyed
from core.resets import Breached, Doomed, Held, Part
from core.sites import NO_SITE
from core.sql import sql
from core.writing import writing_turn


def survey_raw(breached: Breached) -> Held:
    """Count the raw events of each site and day, and the pseudonyms in them."""
    rows = breached.store.rows(sql("aggregate", "held_raw"))
    days = sorted({day for _site, day, *_ in rows})
    lines = [
        f"{events} raw events of {breached.name_of(site)} on {day}, of {tokens} pseudonyms."
        for site, day, events, tokens in rows
    ]
    doomed = tuple(Doomed(Destroyed.RAW_EVENTS, NO_SITE, date.fromisoformat(day)) for day in days)
    return Held((*lines, f"In all {sum(row[2] for row in rows)} raw events of {len(days)} days."), doomed)


def destroy_raw(breached: Breached) -> str:
    """Drop every day of raw events, and what was detached, while no job is half done. Raises StoreError."""
    store = breached.store
    with writing_turn(store, breached.settings.data, breached.now):
        days = raw_days(store)
        for day in days:
            store.run(f"ALTER TABLE events DROP PARTITION '{day.isoformat()}'")
        store.run("ALTER TABLE events DROP DETACHED PARTITION ALL SETTINGS allow_drop_detached = 1")
    return f"The raw events of {len(days)} days were dropped."


def survey_carried(breached: Breached) -> Held:
    """Name the months of which something is carried."""
    months = [date.fromisoformat(month) for (month,) in breached.store.rows(sql("aggregate", "months_of_carried"))]
    return Held(
        tuple(f"What closed days of {month:%Y-%m} hide: names of values, and integers." for month in months),
        tuple(Doomed(Destroyed.CARRIED, NO_SITE, month) for month in months),
    )


def destroy_carried(breached: Breached) -> str:
    """Drop every month of what was carried. Raises StoreError."""
    store = breached.store
    with writing_turn(store, breached.settings.data, breached.now):
        months = [date.fromisoformat(month) for (month,) in store.rows(sql("aggregate", "months_of_carried"))]
        for month in months:
            store.run(f"ALTER TABLE carried DROP PARTITION {month:%Y%m}")
        store.run("ALTER TABLE carried DROP DETACHED PARTITION ALL SETTINGS allow_drop_detached = 1")
    return f"What {len(months)} months carried was dropped."


RAW = Part("Raw events", survey_raw, destroy_raw)
CARRIED = Part("Carried numbers", survey_carried, destroy_carried)
