"""Maillon's programs, begun where their imports end: loading the house takes seconds, and journeys ask for the web
server and for the worker dozens of times.

This program loads it once, in the environment that it was given, and forks at each request received on the socket whose
number is its argument: the child is the program of service, with processes of its own. Nothing is connected to before.

A request is, in JSON, the arguments of the program and the file that it writes to, with a socket: the child's number is
written there, then its exit code; the other end is closed by the last of its processes.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable

from maillon.site.processus import die_with_parent


def load() -> None:
    """What the server and the worker import."""
    import gunicorn.app.wsgiapp
    from django.urls import get_resolver

    import maillon.site.wsgi

    assert gunicorn.app.wsgiapp
    assert maillon.site.wsgi.application
    assert get_resolver().url_patterns
    import maillon.site.travailleur

    assert maillon.site.travailleur.app
    gc.collect()
    gc.freeze()


def play(arguments: list[str]) -> None:
    """The program: `arguments` are those that follow `python -m`."""
    sys.argv = arguments
    if arguments[0] == "gunicorn":
        from gunicorn.app.wsgiapp import run

        run()
    else:
        from maillon.site.travailleur import main

        main()


def follow(arguments: list[str], sortie: str, lien: socket.socket, tie: Callable[[], None]) -> int:
    """In the child: what `subprocess` would have prepared, then the program; its exit code."""
    moi = os.getpid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgid(0, 0)
    tie()
    fichier = os.open(sortie, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for numero in (1, 2):
        os.dup2(fichier, numero)
    try:
        play(arguments)
    except SystemExit as fin:
        code = fin.code if isinstance(fin.code, int) else int(fin.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    else:
        code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    if os.getpid() == moi:  # gunicorn's own children come by here too
        lien.sendall(f"{code}\n".encode())
    return code


def main() -> None:
    controle = socket.socket(fileno=int(sys.argv[1]))
    load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    tie = die_with_parent()
    while True:
        demande, liens, _, _ = socket.recv_fds(controle, 65_536, 1)
        if not demande:
            return
        with socket.socket(fileno=liens[0]) as lien:
            if not (enfant := os.fork()):
                controle.close()
                os._exit(follow(*json.loads(demande), lien, tie))
            lien.sendall(f"{enfant}\n".encode())


if __name__ == "__main__":
    main()
