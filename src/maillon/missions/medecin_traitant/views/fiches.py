"""The sheet of a request: what comes next first, then the person, then what happened."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from maillon.communaute.messagerie.permissions import SOIGNER
from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.sollicitations.selectors import build_vagues
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Fait
from maillon.socle.ui.typographie import format_date

from .. import services
from ..enums import APPELS, Action, Declaration, Etat, Issue, IssueAppel, MotifRefus
from ..forms import (
    CloreForm,
    EquipierForm,
    FaitsForm,
    NouvellesForm,
    PrevoirForm,
    PrioriteForm,
    ProposerForm,
    RendezVousForm,
    TacheForm,
)
from ..models import GENRE, Demande
from ..permissions import GERER
from ..presentation_sollicitations import explain_choix, say_pourquoi
from ..selectors import (
    FAITS,
    build_tours,
    can_undo_reponse,
    explain_priorite,
    get_demande,
    list_candidats,
    list_equipables,
    list_responsables,
    rank_candidats,
    read_vie,
    tranche_age,
)
from .commun import attempt, back_to_fiche
from .listes import pastille_etat, pastille_priorite
from .onglets import FIL

# The others are one click away: nobody reads three hundred names to choose one.
CANDIDATS_MONTRES = 30


@acces(GERER, patients=True)
@require_safe
def fiche(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """Everything about one request; the name is read with its trace."""
    return show_fiche(request, get_demande(demande_id, for_acteur=request.acteur))


def show_fiche(request: Requete, demande: Demande, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The sheet, with the forms that a gesture refused in place of its own."""
    acteur = request.acteur
    identites = read_identites([demande.patient_id], quoi="identite", pourquoi="fiche du guichet", by=acteur)
    identite = identites.get(demande.patient_id)
    vie = read_vie(demande)
    liste = "medecin_traitant_liste" if demande.is_ouverte else "medecin_traitant_terminees"
    contexte = {
        "titre": identite.nom_complet if identite else demande.reference,
        "titre_onglet": demande.reference,
        "fil": [(FIL, reverse(liste, args=[request.cpts.slug])), (demande.reference, "")],
        "demande": demande,
        "identite": identite,
        "echanger": bool(identite) and not demande.attend_accord and acteur.can(SOIGNER),
        "pastille_etat": pastille_etat(demande),
        "pastille_priorite": pastille_priorite(demande),
        "faits": _list_faits(demande),
        "vie": vie,
        "en_retard": demande.prochaine_date is not None and demande.prochaine_date < today(),
        "tours": build_tours(demande),
        **_build_recherche(demande, tous=request.GET.get("medecins") == "tous"),
        **_build_suite(demande),
        **_build_formulaires(demande, request),
    }
    return render(request, "medecin_traitant/fiche.html", contexte | forms, status=status)


def _build_recherche(demande: Demande, *, tous: bool) -> dict[str, Any]:
    """What the search for a doctor needs: priority, who was asked, the first candidates, or all."""
    proposable = demande.etat in (Etat.QUALIFIEE, Etat.PROPOSEE)
    limite = None if tous else CANDIDATS_MONTRES
    candidats, total = rank_candidats(demande, limite=limite) if proposable else ([], 0)
    return {
        "priorite": explain_priorite(demande),
        "vagues": [
            (vague, [(s, say_pourquoi(s, souhaite_id=demande.medecin_souhaite_id)) for s in vague.sollicitations])
            for vague in build_vagues(GENRE, demande.pk)
        ],
        "motifs_refus": MotifRefus.choices,
        "candidats": candidats,
        "candidats_de_plus": total - len(candidats),
        "proposable": proposable,
        "proposer_form": ProposerForm(choix=[]),
        "qualifiable": demande.etat in (Etat.DEPOSEE, Etat.QUALIFIEE, Etat.PROPOSEE),
        "attend_patient": demande.etat == Etat.ACCEPTEE,
        "reponse_annulable": can_undo_reponse(demande),
    }


def _build_suite(demande: Demande) -> dict[str, Any]:
    """What is known and awaited after a placement."""
    return {
        "a_appeler": demande.prochaine_action in APPELS,
        "issues": [choix for choix in IssueAppel.choices if choix[0] != IssueAppel.RAPPELER],
        "suite": _list_suite(demande) if demande.etat == Etat.PLACEE else [],
        "declarable": demande.issue == Issue.MEDECIN_TRAITANT,
        "rendez_vous_form": RendezVousForm(initial={"premier_rdv_le": demande.premier_rdv_le}),
        "nouvelles_form": NouvellesForm(declaration=demande.issue == Issue.MEDECIN_TRAITANT, prefix="bilan"),
        "decider": demande.prochaine_action == Action.DECIDER,
    }


def _build_formulaires(demande: Demande, request: Requete) -> dict[str, Any]:
    if not demande.is_suivie:
        return {}
    membres = list_responsables(demande.cpts_id)
    qui = str(demande.responsable_id)
    forms: dict[str, Any] = {
        "prevoir_form": PrevoirForm(
            membres=membres, initial={"responsable": qui, "prochaine_date": demande.prochaine_date}
        ),
        "tache_form": TacheForm(membres=membres, initial={"responsable": request.acteur.membre_id or qui}, prefix="t"),
    }
    if demande.is_ouverte:
        forms |= {
            "faits_form": FaitsForm.of_demande(demande),
            "priorite_form": PrioriteForm(initial={"niveau": demande.priorite_niveau}, prefix="p"),
            "equipier_form": EquipierForm(professionnels=list(list_equipables(demande.cpts_id)), prefix="e"),
            "clore_form": CloreForm(),
        }
    return forms


def _list_suite(demande: Demande) -> list[Fait]:
    rendez_vous, declaration = demande.premier_rdv_le, demande.declaration_le
    suite = [Fait("Premier rendez-vous", format_date(rendez_vous) if rendez_vous else "pas encore connu")]
    if demande.issue == Issue.MEDECIN_TRAITANT:
        mots = {Declaration.FAITE: "faite", Declaration.NON_FAITE: "pas faite", "": "pas encore connue"}
        note = format_date(declaration) if declaration else ""
        suite.append(Fait("Déclaration", mots[demande.declaration], note=note))
    suite.append(Fait("Nouvelles à trois mois", demande.get_bilan_display() or "pas encore demandées"))
    return suite


def _list_faits(demande: Demande) -> list[Fait]:
    patient = demande.patient
    besoins = [
        str(Demande._meta.get_field(nom).verbose_name)  # type: ignore[union-attr]
        for nom in FAITS
        if getattr(demande, nom)
    ]
    return [
        Fait(
            "Âge",
            tranche_age(demande),
            note=f"née ou né en {patient.annee_naissance}" if patient.annee_naissance else "",
        ),
        Fait("Commune", patient.commune.nom),
        Fait("Langue", demande.get_langue_display()),
        Fait("Situation", " ; ".join(besoins) if besoins else "rien de particulier"),
        Fait("Déposée par", demande.get_origine_display(), note=str(demande.depositaire or "")),
        Fait("Suivie par", str(demande.responsable or "personne")),
    ]


@acces(GERER, patients=True)
@require_POST
def proposer(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    candidats = list_candidats(demande)
    choix = [(str(candidat.professionnel.pk), "") for candidat in candidats]
    form = ProposerForm(request.POST, choix=choix)
    if form.is_valid():
        ticked = set(form.cleaned_data["medecins"])
        chosen = [UUID(pk) for pk, _ in choix if pk in ticked]  # in the order of the list
        attempt(
            request,
            lambda: services.propose_demande(
                demande_id=demande.pk,
                professionnel_ids=chosen,
                by=request.acteur,
                par_vague=form.cleaned_data["par_vague"],
                jours=form.cleaned_data["jours"] or services.JOURS_REPONSE_MEDECIN,
                explications=explain_choix(candidats),
            ),
            done="La demande est proposée. Sans réponse des médecins choisis, elle revient à son rang.",
        )
    else:
        messages.error(request, "Choisissez au moins un médecin de la liste : elle a pu changer entre-temps.")
    return back_to_fiche(request, demande)
