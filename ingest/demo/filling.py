"""Filling a fresh store with the demo site's week."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from core.settings import Settings
from core.sites import add_site
from core.store import Store
from ingest.assembly import freight, knowledge, open_countries
from ingest.demo.site import DOMAIN
from ingest.demo.traffic import demo_traffic
from ingest.keys import ImportKeys
from ingest.meter import Meter
from ingest.shipper import Shipper
from ingest.spool import Spool


def fill_demo(store: Store, settings: Settings, now: datetime) -> None:
    """Add the demo site and its made-up week, by the same gate, spool and shipper as any beacon.

    The keys of the past days live for this call alone. Raises SiteError if the site is there already.
    """
    site = add_site(store, DOMAIN, "UTC", now)
    keys = ImportKeys()
    known = knowledge(settings, keys, open_countries(settings))
    with TemporaryDirectory(dir=settings.data) as folder:
        spool = Spool(Path(folder) / "spool.sqlite")
        spool.append(list(demo_traffic(site, known, now)))
        Shipper(spool, store, freight(settings), lambda: now, Meter(), "demo").sign_off(now)
        spool.close()
    list(keys.destroy_all())
