"""The minutes of a meeting, under way or approved."""

from typing import Any

from ..enums import EtatCompteRendu, Qualite
from ..models import Approbation, CompteRendu, PointCompteRendu, Reunion, VersionCompteRendu


def find_compte_rendu(reunion: Reunion) -> CompteRendu | None:
    """The minutes of a meeting, once begun."""
    return (
        CompteRendu.objects.filter(reunion=reunion)
        .select_related("reunion__cpts", "reunion__groupe", "president", "secretaire")
        .first()
    )


def list_points(compte_rendu: CompteRendu) -> list[PointCompteRendu]:
    return list(PointCompteRendu.objects.filter(compte_rendu=compte_rendu))


def list_versions(compte_rendu: CompteRendu) -> list[VersionCompteRendu]:
    """Every version submitted, the newest first, with its approvals."""
    versions = VersionCompteRendu.objects.filter(compte_rendu=compte_rendu)
    return list(versions.prefetch_related("approbations__personne"))


def find_version(compte_rendu: CompteRendu) -> VersionCompteRendu | None:
    """The version submitted last."""
    return VersionCompteRendu.objects.filter(compte_rendu=compte_rendu, numero=compte_rendu.version).first()


def find_qualites(compte_rendu: CompteRendu, personne_id: Any) -> list[Qualite]:
    """In which capacities this person still has to approve the version submitted."""
    if compte_rendu.etat != EtatCompteRendu.SOUMIS or personne_id is None:
        return []
    version = find_version(compte_rendu)
    donnees = set(Approbation.objects.filter(version=version).values_list("qualite", flat=True))
    attendues = ((Qualite.PRESIDENT, compte_rendu.president_id), (Qualite.SECRETAIRE, compte_rendu.secretaire_id))
    return [qualite for qualite, qui in attendues if qui == personne_id and qualite not in donnees]
