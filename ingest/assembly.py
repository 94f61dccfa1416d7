"""A collector put together: what the settings say becomes what a request needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from core.background import background
from core.clock import Clock
from core.core_dumps import refuse_core_dumps
from core.daemon_thread import in_daemon_thread
from core.deletions import DeletionRecord
from core.errors import FootfallError
from core.garbage import spare_the_living
from core.key_names import KEY_FOLDER
from core.memory_folder import memory_folder
from core.settings import Settings
from core.sites import SiteRegistry
from core.store import Store
from geo.country import CountryDatabase, bundled_database
from geo.forwarded import TrustedProxies
from geo.network import Cut
from ingest.bots import BotDetector
from ingest.collector import Collector
from ingest.commits import GroupedCommits
from ingest.devices import DeviceParser
from ingest.erasing import Erasures
from ingest.exporting import Exports
from ingest.forgetting import keep_forgetting
from ingest.gate import Knowledge
from ingest.imports import resume_imports
from ingest.keys import DayKeys
from ingest.meter import Meter
from ingest.metrics import Gauges
from ingest.noticeboard import Noticeboard
from ingest.rates import RateLimits
from ingest.renewal import Renewal
from ingest.shipper import Freight, Shipper
from ingest.sources import SourceResolver
from ingest.spools import claimed_spool, ship_abandoned
from ingest.upkeep import KeyDestruction, keep_up
from ingest.well_known import read_dnt_policy

SITES_INTERVAL = 2.0  # seconds in which a worker learns of a new site
NOTICE_PATIENCE = 5.0  # seconds that a collector waits for ClickHouse before it begins with what it knows
RESUME_INTERVAL = 600.0  # seconds between two looks for imports that were cut off


def knowledge(settings: Settings, keys: DayKeys, countries: CountryDatabase) -> Knowledge:
    """Give what the gate knows under these settings."""
    return Knowledge(
        keys=keys,
        countries=countries,
        bots=BotDetector(),
        devices=DeviceParser(),
        sources=SourceResolver(),
        excluded_hostnames=settings.excluded_hostnames,
    )


def open_countries(settings: Settings) -> CountryDatabase:
    """Open the country database that the settings name, else the one that comes with Footfall.

    Raises CountryDatabaseError.
    """
    return CountryDatabase(settings.country_database or bundled_database())


def open_day_keys(settings: Settings) -> DayKeys:
    """Open the keys: on tmpfs where the key folder is on one, else in this process."""
    in_memory = memory_folder(settings.key_folder, settings.data)
    return DayKeys(in_memory / KEY_FOLDER if in_memory is not None else None)


def cut_of(settings: Settings) -> Cut:
    """Give how much of an address is kept under these settings."""
    return Cut(settings.keep_ipv4_bits, settings.keep_ipv6_bits)


def freight(settings: Settings) -> Freight:
    """Give how to ship under these settings."""
    return Freight(settings.batch_rows, timedelta(seconds=settings.close_grace))


def ship_local_spools(settings: Settings, store: Store, clock: Clock) -> int:
    """Ship what stopped collectors left in the data folder; give how many events went.

    The spools of running ones are let be: they ship by themselves. Raises StoreError, SpoolError.
    """
    return ship_abandoned(settings.data, store, freight(settings), clock, Meter())


@asynccontextmanager
async def running_collector(
    settings: Settings, store: Store, sites: SiteRegistry, record: DeletionRecord, clock: Clock
) -> AsyncIterator[Collector]:
    """Open a collector with all that runs beside it, until the end of the block.

    At the end what was acknowledged is committed and, within ``shutdown_timeout``, shipped; the
    rest stays in the spool for the next start. Raises NoticeError: see ``ingest.noticeboard``.
    """
    noticeboard = Noticeboard(settings, sites.all())
    with suppress(TimeoutError):
        await asyncio.wait_for(in_daemon_thread(noticeboard.begin, store, clock()), NOTICE_PATIENCE)
    policy = read_dnt_policy(settings)
    refuse_core_dumps()  # this process knows the day's keys
    keys, countries, meter = open_day_keys(settings), open_countries(settings), Meter()
    with claimed_spool(settings.data, settings.spool_limit) as (spool, place):
        commits = GroupedCommits(spool, meter.committed)
        shipper = Shipper(spool, store, freight(settings), clock, meter, place)
        meter.registry.register(Gauges(spool, shipper, keys, clock))
        destruction = KeyDestruction(keys, record)
        renewal = Renewal(settings.data, spool, shipper, commits, destruction, clock)

        def mark() -> datetime:
            return commits.oldest_unwritten() or clock()

        collector = Collector(
            clock=clock,
            sites=sites,
            knowledge=knowledge(settings, keys, countries),
            commits=commits,
            limits=RateLimits(settings.rate_limit, settings.site_rate_limit),
            trusted_proxies=TrustedProxies(settings.trusted_proxies),
            cut=cut_of(settings),
            meter=meter,
            metrics_token=settings.metrics_token,
            public_url=settings.public_url,
            count_opt_outs=settings.count_opt_outs,
            exports=Exports(settings.data, store),
            receipt_seconds=settings.raw_retention,
            noticeboard=noticeboard,
            erasures=Erasures(settings.data, store, timedelta(seconds=settings.close_grace)),
            dnt_policy=policy,
        )
        spare_the_living()
        try:
            async with background(
                shipper.keep_shipping(settings.ship_interval, mark),
                renewal.keep_looking(),
                keep_forgetting(collector, clock),
                keep_up("keys", destruction.run, clock),
                keep_up("sites", lambda _now: sites.refresh(store), clock, SITES_INTERVAL),
                keep_up("notice", lambda now: noticeboard.refresh(store, now), clock),
                keep_up("countries", lambda _now: countries.refresh(), clock),
            ):
                yield collector
        finally:
            await commits.close()
            # What cannot go now is shipped after the next start.
            with suppress(FootfallError, TimeoutError):
                await asyncio.wait_for(in_daemon_thread(shipper.sign_off, clock()), settings.shutdown_timeout)
            keys.close()


@asynccontextmanager
async def keeping_spools(settings: Settings, store: Store, clock: Clock) -> AsyncIterator[None]:
    """Ship what dead collectors of a data folder left, until the end of the block."""
    ship = keep_up("abandoned spools", lambda _now: ship_local_spools(settings, store, clock), clock, 60.0)
    async with background(ship):
        yield


@asynccontextmanager
async def keeping_imports(settings: Settings, store: Store, clock: Clock) -> AsyncIterator[None]:
    """Complete imports that were cut off, until the end of the block."""
    resume = keep_up("imports", lambda now: resume_imports(store, settings.data, now), clock, RESUME_INTERVAL)
    async with background(resume):
        yield
