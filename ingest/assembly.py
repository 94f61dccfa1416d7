"""A collector put together: what the settings say becomes what a request needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from core.clock import Clock
from core.deletions import DeletionRecord
from core.errors import FootfallError
from core.memory_folder import memory_folder
from core.settings import Settings
from core.sites import SiteRegistry
from core.store import Store
from geo.country import CountryDatabase, bundled_database
from geo.network import Cut
from ingest.bots import BotDetector
from ingest.collector import Collector
from ingest.commits import GroupedCommits
from ingest.devices import DeviceParser
from ingest.gate import Knowledge
from ingest.imports import resume_imports
from ingest.keys import DayKeys
from ingest.shipper import Shipper
from ingest.sources import SourceResolver
from ingest.spool import Spool
from ingest.upkeep import KeyDestruction, keep_up

SPOOL = "spool.sqlite"
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
    return DayKeys(in_memory / "keys" if in_memory is not None else None)


def cut_of(settings: Settings) -> Cut:
    """Give how much of an address is kept under these settings."""
    return Cut(settings.keep_ipv4_bits, settings.keep_ipv6_bits)


def ship_local_spool(settings: Settings, store: Store) -> int:
    """Ship what a stopped collector left in the data folder's spool; give how many events went.

    Beside a running collector it does no harm: a batch that both ship has one token. Raises
    StoreError, SpoolError.
    """
    path = settings.data / SPOOL
    if not path.exists():
        return 0
    spool = Spool(path)
    try:
        return Shipper(spool, store, settings.batch_rows).ship_all()
    finally:
        spool.close()


@asynccontextmanager
async def running_collector(
    settings: Settings, store: Store, sites: SiteRegistry, record: DeletionRecord, clock: Clock
) -> AsyncIterator[Collector]:
    """Open a collector with all that runs beside it, until the end of the block.

    At the end what was acknowledged is committed and, if the store answers, shipped; the
    rest stays in the spool for the next start.
    """
    keys, countries = open_day_keys(settings), open_countries(settings)
    spool = Spool(settings.data / SPOOL)
    commits = GroupedCommits(spool)
    shipper = Shipper(spool, store, settings.batch_rows)
    destruction = KeyDestruction(keys, record)
    beside = [
        asyncio.create_task(shipper.keep_shipping(settings.ship_interval)),
        asyncio.create_task(keep_up("keys", destruction.run, clock)),
        asyncio.create_task(keep_up("sites", lambda _now: sites.refresh(store), clock)),
        asyncio.create_task(keep_up("countries", lambda _now: countries.refresh(), clock)),
        asyncio.create_task(
            keep_up("imports", lambda now: resume_imports(store, settings.data, now), clock, RESUME_INTERVAL)
        ),
    ]
    try:
        yield Collector(
            clock=clock,
            sites=sites,
            knowledge=knowledge(settings, keys, countries),
            commits=commits,
            trusted_proxies=settings.trusted_proxies,
            cut=cut_of(settings),
        )
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await commits.close()
        with suppress(FootfallError):  # what cannot go now is shipped after the next start
            await asyncio.to_thread(shipper.ship_all)
        spool.close()
