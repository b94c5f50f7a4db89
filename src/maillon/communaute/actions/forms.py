"""What is asked of a fiche-action."""

from typing import Any

from django import forms

from maillon.communaute.bibliotheque.donnees import Piece
from maillon.communaute.bibliotheque.models import Document
from maillon.communaute.champs import AIDE_DOCUMENT, ChampDate, ChampFichiers, check_taille
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.structures.models import Structure
from maillon.communaute.structures.selectors import get_partenariats
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Mission
from maillon.socle.horloge import today

from .donnees import DonneesAction
from .models import Action
from .permissions import missions_kept_by
from .selectors import list_cibles


class ActionForm(forms.Form):
    titre = forms.CharField(label="Titre", max_length=160, help_text="Sans nom de personne.")
    mission = forms.ChoiceField(label="Mission")
    objectif = forms.CharField(
        label="Objectif",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
        help_text="Ce qui aura changé, et pour qui.",
    )
    indicateur = forms.ChoiceField(label="Indicateur du contrat", required=False)
    responsable = forms.ModelChoiceField(
        Personne.objects.none(), label="Responsable", required=False, empty_label="Personne pour l’instant"
    )
    groupe = forms.ModelChoiceField(
        Groupe.objects.none(), label="Groupe de travail", required=False, empty_label="Aucun"
    )
    debut = ChampDate(label="Début")
    fin = ChampDate(label="Fin", required=False)
    montant_prevu = forms.DecimalField(
        label="Budget prévu, en euros", localize=True, min_value=0, max_digits=12, decimal_places=2, required=False
    )
    partenaires = forms.ModelMultipleChoiceField(
        Structure.objects.none(), label="Partenaires", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, acteur: Acteur, action: Action | None = None, **options: Any) -> None:
        if action is not None:
            noms = (n for n in self.base_fields if n != "partenaires")
            options["initial"] = {nom: getattr(action, nom) for nom in noms}
            options["initial"]["partenaires"] = [lien.structure_id for lien in action.liens_partenaires.all()]
        super().__init__(*args, **options)
        cpts_id = acteur.cpts_id
        assert cpts_id is not None
        tenues = missions_kept_by(acteur) | ({action.mission} if action else set())
        self.fields["mission"].choices = [(code, nom.capitalize()) for code, nom in Mission.choices if code in tenues]  # type: ignore[attr-defined]
        self.fields["indicateur"].choices = _list_indicateurs(cpts_id, action)  # type: ignore[attr-defined]
        self.fields["responsable"].queryset = Personne.objects.visible_to(acteur).en_activite()  # type: ignore[attr-defined]
        self.fields["groupe"].queryset = Groupe.objects.filter(cpts_id=cpts_id, ferme_le=None)  # type: ignore[attr-defined]
        partenaires = {p.structure_id for p in get_partenariats(cpts_id, on=today())}
        if action is not None:
            partenaires |= {lien.structure_id for lien in action.liens_partenaires.all()}
        if partenaires:
            self.fields["partenaires"].queryset = Structure.objects.filter(pk__in=partenaires)  # type: ignore[attr-defined]
        else:
            del self.fields["partenaires"]
        if action is None:
            self.fields["debut"].initial = today()

    def clean(self) -> dict[str, object]:
        lu = super().clean() or {}
        debut, fin = lu.get("debut"), lu.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin de l’action précède son début.")
        return lu

    @property
    def donnees(self) -> DonneesAction:
        lu = dict(self.cleaned_data)
        return DonneesAction(**{**lu, "partenaires": list(lu.get("partenaires", ()))})


def _list_indicateurs(cpts_id: Any, action: Action | None) -> list[tuple[str, Any]]:
    """The indicators by mission; one that the contract no longer has stays the choice of its fiche."""
    par_mission: dict[str, list[tuple[str, str]]] = {}
    cibles = list_cibles(cpts_id)
    for cible in cibles:
        par_mission.setdefault(cible.mission, []).append((cible.code, cible.libelle))
    noms = dict(Mission.choices)
    choix: list[tuple[str, Any]] = [("", "Aucun")]
    choix += [(str(noms.get(mission, mission)).capitalize(), lignes) for mission, lignes in par_mission.items()]
    if action is not None and action.indicateur and action.indicateur not in {c.code for c in cibles}:
        choix.append((action.indicateur, f"{action.indicateur} (hors du contrat en vigueur)"))
    return choix


class DocumentForm(forms.Form):
    """Documents to add to the library, or one that is already there."""

    fichiers = ChampFichiers(label="Nouveaux documents", required=False, help_text=AIDE_DOCUMENT)
    document = forms.ModelChoiceField(
        Document.objects.none(), label="Ou un document de la bibliothèque", required=False, empty_label="Aucun"
    )

    def __init__(self, *args: Any, acteur: Acteur, **options: Any) -> None:
        super().__init__(*args, **options)
        visibles = Document.objects.visible_to(acteur).filter(archive_le=None)
        self.fields["document"].queryset = visibles  # type: ignore[attr-defined]

    def clean_fichiers(self) -> list[Any]:
        recus = [recu for recu in self.cleaned_data["fichiers"] if recu]
        for recu in recus:
            check_taille(recu)
        return recus

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        if not self.errors and not lu.get("fichiers") and not lu.get("document"):
            self.add_error("fichiers", "Choisissez un document, nouveau ou déjà dans la bibliothèque.")
        return lu

    @property
    def pieces(self) -> list[Piece]:
        return [Piece(recu.name, recu.read()) for recu in self.cleaned_data["fichiers"]]


class EtapeForm(forms.Form):
    libelle = forms.CharField(label="Étape", max_length=160)
    echeance = ChampDate(label="Pour le")
