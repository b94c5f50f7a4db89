"""One person who asked by two ways: filed twice, found once."""

from maillon.communaute.patients.identites import IdentiteLue, get_empreinte_telephone, get_empreintes_noms
from maillon.communaute.patients.selectors import match_patients, read_identites
from maillon.socle.droits.acteur import SYSTEME

from ..enums import Etat
from ..models import Demande

POURQUOI = "déjà un médecin par une autre demande"


def find_placee(demande: Demande) -> Demande | None:
    """The request by which the same person already has a doctor: same names and a telephone in common, and no other
    year of birth. The identity read, and each one found, leave a trace. At most three queries."""
    identite = read_identites([demande.patient_id], quoi="identite", pourquoi=POURQUOI, by=SYSTEME).get(
        demande.patient_id
    )
    if identite is None:
        return None
    found = match_patients(_build_cherches(identite, demande), pourquoi=POURQUOI, by=SYSTEME)
    patients = {pk for pks in found.values() for pk in pks} - {demande.patient_id}
    placees = Demande.objects.filter(cpts_id=demande.cpts_id, patient__in=patients, etat=Etat.PLACEE)
    annee = demande.patient.annee_naissance
    for placee in placees.select_related("patient").order_by("placee_le", "id") if patients else ():
        if annee is None or placee.patient.annee_naissance in (None, annee):
            return placee
    return None


def _build_cherches(identite: IdentiteLue, demande: Demande) -> dict[int, list[bytes]]:
    """The names with each telephone given: the person's own, the carer's."""
    cpts_id = demande.cpts_id
    noms = get_empreintes_noms(f"{identite.nom} {identite.prenom}", cpts_id=cpts_id)
    numeros = [numero for numero in (identite.telephone, identite.proche_telephone) if numero]
    return {
        rang: [*noms, get_empreinte_telephone(numero, cpts_id=cpts_id)] for rang, numero in enumerate(numeros) if noms
    }
