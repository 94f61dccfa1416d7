"""The folder in memory (tmpfs) that belongs to a data folder: for what must never touch a disk."""

import os
from hashlib import sha256
from pathlib import Path


def memory_folder(key_folder: Path, data: Path) -> Path | None:
    """Give the folder, made with rights for its owner alone; None where there is no tmpfs."""
    if not is_tmpfs(key_folder):
        return None
    mark = sha256(str(data.resolve()).encode()).hexdigest()[:12]
    folder = key_folder / f"footfall-{os.getuid()}-{mark}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def is_tmpfs(folder: Path) -> bool:
    """Tell whether a folder lies on tmpfs, by the mount that is nearest above it."""
    path = folder.resolve()
    mounts = {}
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _device, mounted, kind, *_rest = line.split(" ")
        mounts[mounted.replace("\\040", " ")] = kind
    nearest = next((str(part) for part in (path, *path.parents) if str(part) in mounts), "/")
    return mounts.get(nearest) == "tmpfs"
