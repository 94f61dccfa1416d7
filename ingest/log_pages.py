"""What of a log is a view of a page: closed lists, told in docs/log-import.md.

A log has every request, the tracker only pages that a browser ran. These lists come as near as a
log can: what they let through would have shown a page with a tracker on it.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from ingest.reasons import DropReason

METHOD = "GET"

# The statuses of answers that showed a page; 304 says that the browser's copy is still good.
STATUSES = frozenset({200, 201, 202, 203, 304})

# By the ending of a path: what is no page, by kind. What has another ending, or none, is a page.
ASSETS: Mapping[str, str] = MappingProxyType(
    {
        "Images": "apng avif bmp cur gif heic heif ico jfif jpe jpeg jpg jxl png psd svg svgz tif tiff webp",
        "Styles, scripts, fonts": "css less map mjs js scss ts tsx vbs wasm xsl xslt eot otf ttf woff woff2",
        "Sound and moving pictures": (
            "aac avi flac flv m3u m3u8 m4a m4v mid midi mkv mov mp3 mp4 mpd mpeg mpg oga ogg ogv opus swf vtt "
            "wav webm wma wmv"
        ),
        "Archives, packages, programs": (
            "7z apk bin br bz2 class crx deb dll dmg exe gem gz img iso jar lz4 msi ova pkg rar rpm so tar "
            "tbz tgz txz war whl xpi xz zip zst"
        ),
        "Documents": "doc docm docx epub odp ods odt pdf pps ppt pptx ps rtf tex xls xlsm xlsx",
        "Feeds and data": (
            "appcache atom csv dat db geojson gpx ics json json5 jsonld kml kmz manifest ndjson parquet pcap rdf "
            "rss sql sqlite toml tsv vcf webmanifest xml yaml yml"
        ),
        "Plain texts and source code": (
            "asc bak c cc cfg conf cpp diff go h hpp ini java kt log lua m4 markdown md mk patch pem pub py pyc "
            "rb rs sh sig spec txt"
        ),
    }
)

# Where machines talk to machines: a path, or what begins with one that ends in a slash.
MACHINE_PATHS = (
    "/.well-known/",
    "/cdn-cgi/",
    "/server-info",
    "/server-status",
    "/wp-admin/admin-ajax.php",
    "/wp-cron.php",
    "/wp-json/",
    "/xmlrpc.php",
)

# Feeds without an ending: the path's last name, or a parameter with such a value.
FEED_NAMES = ("atom", "feed", "rdf", "rss", "rss2")
FEED_PARAMETERS = ("feed", "flav", "format")
FEED_VALUES = ("atom", "feed", "json", "rdf", "rss", "xml")

_ENDINGS = frozenset(ending for endings in ASSETS.values() for ending in endings.split())
_FEED_PARAMETER = re.compile(
    rf"(?:^|[&;])(?:{'|'.join(FEED_PARAMETERS)})=(?:{'|'.join(FEED_VALUES)})", re.IGNORECASE
)


def why_no_page(method: str, path: str, query: str, status: int) -> DropReason | None:
    """Say why a request was no view of a page; None if it was one.

    What was asked for comes before how it was answered, so a missing image is no page.
    """
    if method != METHOD or not path.startswith("/") or is_asset(path, query):
        return DropReason.NOT_A_PAGE
    return None if status in STATUSES else DropReason.STATUS


def is_asset(path: str, query: str) -> bool:
    """Tell whether an address stands for something other than a page."""
    plain = path.partition(";")[0].lower()
    name = plain.rstrip("/").rpartition("/")[2]
    return (
        ("." in name and name.rpartition(".")[2] in _ENDINGS)
        or name in FEED_NAMES
        or any(plain == known or (known.endswith("/") and plain.startswith(known)) for known in MACHINE_PATHS)
        or _FEED_PARAMETER.search(query) is not None
    )
