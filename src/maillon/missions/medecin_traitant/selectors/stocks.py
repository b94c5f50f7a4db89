"""What moves the stocks of patients without médecin traitant, besides the placements: what the desk was told."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db.models import Count, F, Q, Value
from django.db.models.functions import ExtractYear
from django.urls import reverse

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import CertitudeMouvement, ExplicationStock, MouvementStock
from maillon.socle.ui.typographie import compter

from ..enums import Cloture, Declaration, Etat
from ..enums_places import S_APPLIQUENT
from ..models import Demande
from . import indicateurs
from .calculs import start_of
from .offre import list_mouvements

# Who counts in each indicator, of a request closed without placement; its facts are those known at the end.
CATEGORIES = {
    "ald": Q(ald=True),
    "16_ans": Q(annee_naissance__lte=ExtractYear(F("close_le")) - 16),
    "c2s_ald": Q(c2s=True, ald=True),
    "plus_de_70": Q(plus_de_70=True),
}


def list_sorties(code: str, cpts_id: UUID, debut: date, fin: date) -> list[MouvementStock]:
    """People who left the waiting list on their own in [debut, fin[: a doctor found elsewhere, or a death. AME left
    out, as in the indicators. One query, and one for the address."""
    closes = Demande.objects.filter(
        CATEGORIES[code],
        cpts_id=cpts_id,
        etat=Etat.CLOSE,
        ame=False,
        close_le__gte=start_of(debut),
        close_le__lt=start_of(fin),
    ).aggregate(
        seuls=Count(Value(1), filter=Q(motif_cloture=Cloture.TROUVE_SEUL)),
        deces=Count(Value(1), filter=Q(motif_cloture=Cloture.DECES)),
    )
    if not any(closes.values()):
        return []
    url = reverse("medecin_traitant_terminees", args=[get_slug(cpts_id)])
    libelles = (("seuls", "Ont trouvé un médecin sans le guichet"), ("deces", "Décès connus du guichet"))
    return [
        MouvementStock(
            libelle, Decimal(-closes[cle]), CertitudeMouvement.DECLARE, "demandes closes, dites par les personnes", url
        )
        for cle, libelle in libelles
        if closes[cle]
    ]


PLACEES = {
    "ald": indicateurs.list_placees_ald,
    "16_ans": indicateurs.list_placees_16_ans,
    "c2s_ald": indicateurs.list_placees_c2s_ald,
    "plus_de_70": indicateurs.list_placees_plus_de_70,
}


def list_non_declares(code: str, cpts_id: UUID, debut: date, fin: date) -> list[MouvementStock]:
    """People placed in [debut, fin[ who said that no médecin traitant was declared: the Assurance Maladie still counts
    them. The act is right, the stock has not moved. One query, and one for the address."""
    nombre = PLACEES[code](cpts_id, debut, fin).filter(declaration=Declaration.NON_FAITE).count()
    if not nombre:
        return []
    url = reverse("medecin_traitant_terminees", args=[get_slug(cpts_id)])
    note = "médecin trouvé, mais pas déclaré à l’Assurance Maladie"
    return [MouvementStock("Déclarations pas faites", Decimal(nombre), CertitudeMouvement.DECLARE, note, url)]


LAISSES = {"ald": "patients_ald", "16_ans": "patients", "plus_de_70": "patients_plus_70"}


def list_departs(code: str, cpts_id: UUID, debut: date, fin: date) -> list[MouvementStock]:
    """Patients left by the doctors who went in [debut, fin[, and the doctors who came: which part of their places those
    of this stock took is not known, and is not counted. One query, and one for the address."""
    rows = list_mouvements(cpts_id, debut, fin)
    if not rows:
        return []
    url, mouvements = reverse("medecin_traitant_places", args=[get_slug(cpts_id)]), []
    champ = LAISSES.get(code, "")
    for sur, certitude in ((True, CertitudeMouvement.DECLARE), (False, CertitudeMouvement.A_CONFIRMER)):
        departs = [r for r in rows if r.is_depart and (r.certitude in S_APPLIQUENT) is sur]
        if not departs:
            continue
        nombres = [getattr(r, champ) if champ else None for r in departs]
        inconnus = sum(n is None for n in nombres)
        note = compter(len(departs), "départ") + (f", dont {inconnus} sans nombre connu" if inconnus else "")
        total = Decimal(sum(n or 0 for n in nombres))
        mouvements.append(MouvementStock("Patients laissés par des départs", total, certitude, note, url))
    if places := sum(r.places or 0 for r in rows if not r.is_depart):
        note = f"{compter(places, 'place attendue', 'places attendues')} ; la part de ce stock n’est pas connue"
        mouvements.append(MouvementStock("Installations", Decimal(0), CertitudeMouvement.A_CONFIRMER, note, url))
    return mouvements


def list_mouvements_stock(code: str, cpts_id: UUID, debut: date, fin: date) -> list[MouvementStock]:
    """All that the desk knows of this stock besides its placements."""
    return [
        *list_departs(code, cpts_id, debut, fin),
        *list_non_declares(code, cpts_id, debut, fin),
        *list_sorties(code, cpts_id, debut, fin),
    ]


def _explain(code: str) -> ExplicationStock:
    mouvements: Callable[[UUID, date, date], list[MouvementStock]] = partial(list_mouvements_stock, code)
    return ExplicationStock(f"medecin_traitant.{code}", mouvements)


EXPLICATIONS = tuple(_explain(code) for code in CATEGORIES)
