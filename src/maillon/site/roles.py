"""What the start-up checks in the database: its version, its safety, and that the runtime role is held by the walls."""

from __future__ import annotations

import os

import psycopg

from maillon.site.pannes import Empechement

_ROLE = """
SELECT current_user, rolsuper, rolbypassrls,
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                 AND pg_has_role(current_user, c.relowner, 'USAGE'))
FROM pg_roles WHERE rolname = current_user
"""


def connect(variable: str = "DATABASE_URL") -> psycopg.Connection:
    """Open a connection to the address in ``variable``; a French sentence when it cannot be reached."""
    url = os.environ.get(variable)
    if not url:
        raise Empechement(f"La variable {variable} n’est pas définie.", remede="Voir docs/exploitation.md")
    try:
        return psycopg.connect(url, connect_timeout=10, autocommit=True)
    except psycopg.Error as error:
        raise Empechement(
            f"La base de données désignée par {variable} ne répond pas : {' '.join(str(error).split())}",
            remede="Vérifiez que le serveur PostgreSQL fonctionne, puis son adresse, le compte et le mot de passe.",
        ) from error


def check_database(*, production: bool) -> None:
    """Refuse a database that would not keep the promises: too old, unsafe, or a runtime role above row security."""
    with connect() as connexion:
        if connexion.info.server_version < 150000:
            version = connexion.info.server_version // 10000
            raise Empechement(f"PostgreSQL {version} est trop ancien : Maillon demande PostgreSQL 15 ou plus récent.")
        ligne = connexion.execute(_ROLE).fetchone()
        assert ligne is not None
        role, superutilisateur, ignore_rls, possede = ligne
        reproche = (
            "est superutilisateur"
            if superutilisateur
            else "échappe à la sécurité par ligne (BYPASSRLS)"
            if ignore_rls
            else "possède des tables, et échapperait donc à la sécurité par ligne"
            if possede
            else ""
        )
        if reproche:
            raise Empechement(
                f"Le rôle « {role} » de DATABASE_URL {reproche} : Maillon refuse de démarrer.",
                remede="DATABASE_URL doit désigner un rôle d’exécution sans privilège ; le propriétaire des tables va "
                "dans DATABASE_URL_PROPRIETAIRE. Voir docs/exploitation.md",
            )
        if production:
            _refuse_unsafe(connexion)


def _refuse_unsafe(connexion: psycopg.Connection) -> None:
    for reglage in ("fsync", "full_page_writes"):
        valeur = connexion.execute("SELECT current_setting(%s)", [reglage]).fetchone()
        if valeur == ("off",):
            raise Empechement(
                f"Le serveur PostgreSQL fonctionne avec {reglage} = off : une coupure de courant perdrait des données.",
                remede=f"Remettez {reglage} à on, puis recommencez.",
            )
