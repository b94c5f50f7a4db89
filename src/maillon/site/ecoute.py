"""Where Maillon listens: sockets opened before anything starts, and the demo on this machine only."""

from __future__ import annotations

import errno
import os
import socket

from maillon.site.pannes import Empechement

_BOUCLE = ("localhost", "127.0.0.1", "::1")


def open_sockets(host: str, port: int) -> list[socket.socket]:
    """Listen now, so that a taken port is known before anything else starts; gunicorn inherits the sockets.

    For this machine alone ("localhost"), both loopback addresses: a browser may try either.
    """
    familles = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")] if host == "localhost" else [_family(host)]
    prises = []
    for famille, adresse in familles:
        try:
            prises.append(_listen(famille, adresse, port))
        except OSError as error:
            if famille == socket.AF_INET6 and prises and error.errno != errno.EADDRINUSE:
                continue  # a machine without IPv6
            for prise in prises:
                prise.close()
            raise _explain_listen(error, adresse, port) from error
        port = prises[0].getsockname()[1]  # with port 0 the system chose one
    return prises


def _family(host: str) -> tuple[socket.AddressFamily, str]:
    try:
        famille, *_, adresse = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise Empechement(f"L’adresse « {host} » n’existe pas sur cette machine.") from error
    return famille, str(adresse[0])


def _listen(famille: socket.AddressFamily, adresse: str, port: int) -> socket.socket:
    prise = socket.socket(famille, socket.SOCK_STREAM)
    try:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if famille == socket.AF_INET6:
            prise.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        prise.bind((adresse, port))
        prise.listen(512)
    except OSError:
        prise.close()
        raise
    return prise


def _explain_listen(error: OSError, adresse: str, port: int) -> Empechement:
    if error.errno == errno.EADDRINUSE:
        return Empechement(
            f"Le port {port} est déjà pris par un autre programme.",
            remede=f"Arrêtez-le, ou choisissez un autre port : ./dev run --port {port + 1}",
        )
    if error.errno == errno.EACCES:
        return Empechement(
            f"Le port {port} est réservé à l’administrateur de la machine.",
            remede="Choisissez un port à partir de 1024 : ./dev run --port 8000",
        )
    return Empechement(f"Impossible d’écouter sur {adresse}, port {port} : {error.strerror}.")


def check_loopback(host: str) -> None:
    """The demo signs anyone in with one click: it never listens beyond this machine."""
    if os.environ.get("MAILLON_MODE") != "production" and host not in _BOUCLE:
        raise Empechement(
            f"La démonstration ouvre une session sans mot de passe : elle n’écoute que sur cette machine, "
            f"pas sur « {host} ».",
            remede="Pour un véritable service, voir docs/exploitation.md",
        )
