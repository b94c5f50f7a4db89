"""What the national directory says of one professional, out of its lines. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .enums import ModeExercice, Profession
from .models import Inscription

TITRES = {"DR": "Dr", "PR": "Pr"}
NOM_MAX, ADRESSE_MAX, CLE_MAX = 80, 200, 120


@dataclass(frozen=True, slots=True)
class FaitsLieu:
    """A place of work under its national key. `commune` is the code, known to us or not."""

    cle: str
    mode_exercice: str
    finess: str
    commune: str
    adresse: str
    code_postal: str
    telephone: str
    courriel: str


@dataclass(frozen=True, slots=True)
class FaitsProfessionnel:
    """The national facts of a professional. `profession` is empty when it is not in our nomenclature."""

    nom: str
    prenom: str
    civilite: str
    profession: str
    savoir_faire: tuple[str, ...]
    lieux: tuple[FaitsLieu, ...]
    fictif: bool


def build_faits(lignes: Sequence[Inscription], autres_savoir_faire: Iterable[str] = ()) -> FaitsProfessionnel:
    """The facts in these lines of one person: the profession of most of them, civilians first."""
    civiles = [ligne for ligne in lignes if ligne.categorie in ("", "C")] or list(lignes)
    compte = Counter(ligne.profession for ligne in civiles if ligne.profession in Profession.values)
    profession = min(compte, key=lambda code: (-compte[code], code), default="")
    ligne = next((ligne for ligne in civiles if ligne.profession == profession), civiles[0])
    savoir_faire = {autre.savoir_faire for autre in lignes} | set(autres_savoir_faire)
    return FaitsProfessionnel(
        nom=ligne.nom[:NOM_MAX],
        prenom=ligne.prenom[:NOM_MAX],
        civilite=TITRES.get(ligne.titre, ""),
        profession=profession,
        savoir_faire=tuple(sorted(code for code in savoir_faire if 0 < len(code) <= 8)),
        fictif=ligne.fictive,
        lieux=tuple({lieu.cle: lieu for lieu in map(_build_lieu, lignes) if lieu.mode_exercice}.values()),
    )


def _build_lieu(ligne: Inscription) -> FaitsLieu:
    endroit = ligne.structure or f"{ligne.commune} {ligne.adresse}"
    return FaitsLieu(
        cle=f"{ligne.mode_exercice} {endroit}"[:CLE_MAX],
        mode_exercice=ligne.mode_exercice if ligne.mode_exercice in ModeExercice.values else "",
        finess=ligne.finess,
        commune=ligne.commune,
        adresse=ligne.adresse[:ADRESSE_MAX],
        code_postal=ligne.code_postal if len(ligne.code_postal) <= 5 else "",
        telephone=(ligne.telephone or ligne.telephone_2)[:20],
        courriel=ligne.courriel if len(ligne.courriel) <= 254 else "",
    )
