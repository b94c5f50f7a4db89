"""Starting processes that never outlive us, under another user when PostgreSQL requires it."""

from __future__ import annotations

import ctypes
import grp
import os
import pwd
import signal
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from maillon.site.pannes import Empechement

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: importing or looking up symbols between fork and exec is not safe.
_prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)


@dataclass(frozen=True)
class Utilisateur:
    """A Unix user under which PostgreSQL may run."""

    nom: str
    uid: int
    gid: int

    def can_use(self, path: Path) -> bool:
        """True when this user, without extra groups, can traverse every parent of ``path`` and read ``path``."""
        path = path.resolve()
        for step in [*reversed(path.parents), path]:
            try:
                infos = step.stat()
            except OSError:
                return False
            needed = stat.S_IXOTH if stat.S_ISDIR(infos.st_mode) else stat.S_IROTH
            if infos.st_uid == self.uid:
                needed <<= 6
            elif infos.st_gid == self.gid:
                needed <<= 3
            if not infos.st_mode & needed:
                return False
        return True


def fallback_user() -> Utilisateur | None:
    """The user PostgreSQL runs as when we are root (it refuses to run as root); ``None`` for an ordinary user."""
    if os.geteuid() != 0:
        return None
    for nom in ("postgres", "nobody"):
        try:
            compte = pwd.getpwnam(nom)
        except KeyError:
            continue
        if compte.pw_uid != 0:
            return Utilisateur(nom, compte.pw_uid, _group_of(compte))
    raise Empechement(
        "PostgreSQL refuse de fonctionner sous le compte root, et cette machine n’a ni compte « postgres » "
        "ni compte « nobody ».",
        remede="Lancez Maillon sous un compte ordinaire, ou créez-en un : useradd --system postgres",
    )


def _group_of(compte: pwd.struct_passwd) -> int:
    try:
        grp.getgrgid(compte.pw_gid)
    except KeyError:
        return compte.pw_uid
    return compte.pw_gid


def die_with_parent(death_signal: int = signal.SIGTERM) -> Callable[[], None]:
    """Return a ``preexec_fn``: the child gets ``death_signal`` when its parent dies, even by kill -9.

    It runs after the change of user, which would clear the setting.
    """
    parent = os.getpid()

    def install() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:  # the parent died before the setting was made
                os._exit(1)

    return install
