"""How the directory is shown: map, facts, labels."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils import dateformat

from maillon.communaute.territoire.selectors import get_zones
from maillon.socle.ui.cartes import Carte, Zone, build_carte
from maillon.socle.ui.composants import Fait
from maillon.socle.ui.typographie import compter, format_telephone

from .choix import Accessibilite, Domicile, NouveauxPatients, Rubrique
from .models import FicheProfessionnel
from .selectors.fiches import Source
from .selectors.membres import Trouve

ZONES_MAX = 150
SOURCE_CARTE = "Contours : IGN Admin Express, simplifiés."


def describe_source(source: Source | None) -> str:
    """Where the national facts come from, with their vintage; said on every page."""
    if source is None:
        return "Annuaire national : aucun import."
    du = f"extraction du {dateformat.format(source.extrait_le, 'j F Y')}, " if source.extrait_le else ""
    return (
        f"Source : annuaire national des professionnels de santé (RPPS, Agence du numérique en santé), {du}"
        f"importée le {dateformat.format(source.importe_le, 'j F Y')}."
    )


def build_carte_resultats(
    people: Sequence[Trouve], codes: Iterable[str], adresse: str, source: Source | None
) -> tuple[Carte | None, int]:
    """The communes searched with how many of the people found work in each, and how many work elsewhere only."""
    drawn = list(dict.fromkeys(codes))[:ZONES_MAX]
    counts = Counter(code for trouve in people for code in {lieu.commune for lieu in trouve.lieux})
    inside = sum(1 for trouve in people if any(lieu.commune in drawn for lieu in trouve.lieux))
    zones = get_zones(drawn)
    if not zones or not inside:
        return None, len(people) - inside
    carte = build_carte(
        [
            Zone(
                zone.id,
                zone.nom,
                zone.rings,
                valeur=float(counts[zone.id]),
                url=f"{adresse}commune={zone.id}" if counts[zone.id] else "",
            )
            for zone in zones
        ],
        titre=f"Où exercent {compter(inside, 'professionnel trouvé', 'professionnels trouvés')}",
        sous_titre="Une commune s’ouvre sur ses professionnels.",
        libelle_zone="Commune",
        libelle_valeur="Professionnels",
        source=f"{describe_source(source)} {SOURCE_CARTE}",
    )
    return carte, len(people) - inside


def build_faits(fiche: FicheProfessionnel | None, *, public: bool = False) -> list[Fait]:
    """What a professional says; for the public, what it may read."""
    if fiche is None:
        return []
    lines: list[tuple[Rubrique, str, Fait]] = [
        (Rubrique.PATIENTS, fiche.nouveaux_patients, _patients(fiche)),
        (Rubrique.DOMICILE, fiche.domicile, Fait("Visites à domicile", _label(Domicile, fiche.domicile))),
        (Rubrique.LANGUES, ",".join(fiche.langues), Fait("Langues", ", ".join(["français", *fiche.libelles_langues]))),
        (Rubrique.ACCESSIBILITE, fiche.accessibilite, Fait("Accès", _label(Accessibilite, fiche.accessibilite))),
        (
            Rubrique.TELEPHONE,
            fiche.telephone,
            Fait("Téléphone", format_telephone(fiche.telephone), url=f"tel:{fiche.telephone.replace(' ', '')}"),
        ),
        (Rubrique.COURRIEL, fiche.courriel, Fait("Courriel", fiche.courriel, url=f"mailto:{fiche.courriel}")),
        (Rubrique.HORAIRES, fiche.horaires, Fait("Horaires", fiche.horaires)),
        (Rubrique.REMARQUES, fiche.remarques, Fait("Remarques", fiche.remarques)),
    ]
    return [fait for rubrique, dit, fait in lines if dit and (not public or fiche.shows(rubrique))]


def _patients(fiche: FicheProfessionnel) -> Fait:
    le = f"dit le {dateformat.format(fiche.nouveaux_patients_le, 'j F Y')}" if fiche.nouveaux_patients_le else ""
    note = " ; ".join(part for part in (fiche.conditions, le) if part)
    return Fait("Nouveaux patients", _label(NouveauxPatients, fiche.nouveaux_patients), note)


def _label(choix: type[NouveauxPatients | Domicile | Accessibilite], code: str) -> str:
    return str(dict(choix.choices).get(code, ""))
