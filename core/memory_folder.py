"""The folder in memory (tmpfs) that belongs to a data folder: for what must never touch a disk."""

import os
import shutil
import stat
from hashlib import sha256
from pathlib import Path

from core.errors import KeyStoreError

_OURS_ALONE = 0o700


def memory_folder(key_folder: Path, data: Path) -> Path | None:
    """Give the folder, made with rights for its owner alone; None where there is no tmpfs.

    Everybody may write to /dev/shm and the name can be guessed: a folder (or link) of that
    name which is not ours alone is refused. Raises KeyStoreError.
    """
    if not is_tmpfs(key_folder):
        return None
    mark = sha256(str(data.resolve()).encode()).hexdigest()[:12]
    folder = key_folder / f"footfall-{os.getuid()}-{mark}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise KeyStoreError(
            f"{folder} cannot be created ({error.strerror}); set FOOTFALL_KEY_FOLDER to a tmpfs folder you own."
        ) from None
    if (
        not stat.S_ISDIR(found.st_mode)
        or found.st_uid != os.getuid()
        or stat.S_IMODE(found.st_mode) != _OURS_ALONE
    ):
        raise KeyStoreError(f"{folder} is not this user's alone (0700); find out who made it, and remove it.")
    return folder


def forget_memory(key_folder: Path, data: Path) -> None:
    """Remove the folder and all in it: for a data folder that is thrown away."""
    folder = memory_folder(key_folder, data)
    if folder is not None:
        shutil.rmtree(folder)


def is_tmpfs(folder: Path) -> bool:
    """Tell whether a folder lies on tmpfs, by the mount that is nearest above it."""
    path = folder.resolve()
    mounts = {}
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _device, mounted, kind, *_rest = line.split(" ")
        mounts[mounted.replace("\\040", " ")] = kind
    nearest = next((str(part) for part in (path, *path.parents) if str(part) in mounts), "/")
    return mounts.get(nearest) == "tmpfs"
