"""The form of an avenant: its terms, its missions with their amounts, the indicators it ends and those it brings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import slugify

from maillon.regles.aci import Mission

from .donnees import DonneesAvenant, DonneesIndicateur, DonneesMission, DonneesPalier
from .enums import CodeMission, Nature, StatutMission
from .forms import AIDE_DOCUMENT, ChampDate, check_taille, read_piece
from .models import Indicateur
from .termes import TermesContrat

MONTANTS = {
    "fixe": "Part fixe",
    "fixe_suivantes": "Part fixe à partir de l’année 2",
    "variable": "Part variable",
    "activation": "Activation si crise reconnue",
}
NOUVEAUX = 6


def list_montants(code: str) -> tuple[str, ...]:
    """The crisis mission has a plan, halved from year 2, and an activation; the others a fixed and a variable part."""
    return ("fixe", "fixe_suivantes", "activation") if code == CodeMission.CRISE else ("fixe", "variable")


def champ_euros() -> forms.DecimalField:
    return forms.DecimalField(
        label="euros", required=False, localize=True, min_value=Decimal(0), max_digits=12, decimal_places=2
    )


class AvenantForm(forms.Form):
    numero = forms.IntegerField(label="Numéro de l’avenant", min_value=1, max_value=99)
    objet = forms.CharField(label="Objet", max_length=200, help_text="Par exemple : passage en taille 3.")
    signe_le = ChampDate(label="Signé le")
    effet_le = ChampDate(
        label="Prend effet le",
        help_text="Un effet le jour d’un anniversaire est exact. En cours d’année, les jours comptent au prorata.",
    )
    population = forms.IntegerField(label="Nouvelle population", required=False, min_value=1)
    millesime = forms.IntegerField(label="Millésime", required=False, min_value=2006, max_value=2100)
    taille = forms.TypedChoiceField(
        label="ou nouvelle taille",
        required=False,
        coerce=int,
        empty_value=None,
        choices=(("", "Inchangée"), *((n, f"Taille {n}") for n in range(1, 5))),
    )
    bareme_le = ChampDate(
        label="Barème à la date du", required=False, help_text="Si l’avenant applique un barème plus récent."
    )
    fonctionnement = forms.DecimalField(
        label="Fonctionnement propre au contrat",
        required=False,
        localize=True,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        help_text="Euros par an, si l’avenant écrit un montant ; sinon le barème le donne.",
    )
    document = forms.FileField(label="Avenant signé", required=False, help_text=AIDE_DOCUMENT)

    def __init__(self, *args: Any, termes: TermesContrat, indicateurs: Sequence[Indicateur], **options: Any) -> None:
        super().__init__(*args, **options)
        self.termes, self.en_vigueur = termes, list(indicateurs)
        self.fields["numero"].initial = termes.numero + 1
        self.fields["fonctionnement"].initial = termes.porteur.fonctionnement
        for code, libelle in CodeMission.choices:
            self._add_mission(code, libelle)
        for indicateur in self.en_vigueur:
            self.fields[f"retire_{indicateur.pk}"] = forms.BooleanField(
                label=f"Mettre fin à « {indicateur.libelle} »", required=False
            )
        for rang in range(NOUVEAUX):
            self._add_indicateur(rang)

    def _add_mission(self, code: str, libelle: str) -> None:
        presente = self.termes.find_mission(code)
        self.fields[f"{code}_au_contrat"] = forms.BooleanField(
            label=libelle, required=False, initial=presente is not None
        )
        if presente is None:
            self.fields[f"{code}_debut"] = ChampDate(label=f"{libelle} : démarre le", required=False)
        for nom in list_montants(code):
            champ = champ_euros()
            champ.label = MONTANTS[nom]
            champ.initial = getattr(presente.montants, nom) if presente else None
            self.fields[f"{code}_{nom}"] = champ

    def _add_indicateur(self, rang: int) -> None:
        def name(nom: str) -> str:
            return f"nouveau_{rang}_{nom}"

        self.fields[name("libelle")] = forms.CharField(label="Libellé", required=False, max_length=200)
        self.fields[name("mission")] = forms.ChoiceField(
            label="Mission", required=False, choices=(("", "—"), *CodeMission.choices)
        )
        self.fields[name("nature")] = forms.ChoiceField(
            label="Nature", required=False, choices=(("", "—"), *Nature.choices)
        )
        self.fields[name("unite")] = forms.CharField(label="Unité, au singulier", required=False, max_length=60)
        self.fields[name("reference")] = forms.DecimalField(
            label="Valeur de référence", required=False, localize=True, max_digits=14, decimal_places=4, min_value=0
        )
        self.fields[name("paliers")] = forms.CharField(
            label="Paliers", required=False, help_text="Seuil : euros, séparés par des points-virgules."
        )
        self.fields[name("certificateur")] = forms.CharField(label="Certifié par", required=False, max_length=120)
        self.fields[name("preuve")] = forms.CharField(label="Justificatif demandé", required=False, max_length=120)

    # What the template lays out ---------------------------------------------------------------------------------

    @property
    def champs_termes(self) -> list[BoundField]:
        return [self[nom] for nom in self.base_fields]

    @property
    def lignes_missions(self) -> list[dict[str, Any]]:
        return [
            {
                "libelle": libelle,
                "au_contrat": self[f"{code}_au_contrat"],
                "debut": self[f"{code}_debut"] if f"{code}_debut" in self.fields else None,
                "montants": [self[f"{code}_{nom}"] for nom in list_montants(code)],
            }
            for code, libelle in CodeMission.choices
        ]

    @property
    def lignes_retraits(self) -> list[tuple[Indicateur, BoundField]]:
        return [(i, self[f"retire_{i.pk}"]) for i in self.en_vigueur]

    @property
    def lignes_nouveaux(self) -> list[tuple[int, list[BoundField], bool]]:
        noms = ("libelle", "mission", "nature", "unite", "reference", "paliers", "certificateur", "preuve")
        return [
            (
                rang + 1,
                [self[f"nouveau_{rang}_{nom}"] for nom in noms],
                any(self[f"nouveau_{rang}_{nom}"].value() for nom in noms),
            )
            for rang in range(NOUVEAUX)
        ]

    # What the service takes -------------------------------------------------------------------------------------

    def clean_document(self) -> object:
        check_taille(self.cleaned_data["document"])
        return self.cleaned_data["document"]

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or {}
        if not any(lus.get(f"{code}_au_contrat") for code in CodeMission.values):
            self.add_error(None, "Gardez au moins une mission, ou résiliez le contrat.")
        self.indicateurs = list(self._read_indicateurs(lus))
        return lus

    def _read_indicateurs(self, lus: Mapping[str, Any]) -> Iterator[DonneesIndicateur]:
        for rang in range(NOUVEAUX):
            valeurs: dict[str, Any] = {
                nom: lus.get(f"nouveau_{rang}_{nom}")
                for nom in ("libelle", "mission", "nature", "unite", "reference", "paliers", "certificateur", "preuve")
            }
            if not any(valeurs.values()):
                continue
            manques = [nom for nom in ("libelle", "mission", "nature", "paliers") if not valeurs[nom]]
            for nom in manques:
                self.add_error(f"nouveau_{rang}_{nom}", "À remplir pour ajouter cet indicateur.")
            paliers = parse_paliers(valeurs["paliers"] or "")
            if paliers is None:
                self.add_error(
                    f"nouveau_{rang}_paliers", "Écrivez « seuil : euros », par exemple 100 : 6000 ; 50 : 9000."
                )
            if manques or paliers is None:
                continue
            yield DonneesIndicateur(
                mission=valeurs["mission"],
                code=slugify(valeurs["libelle"])[:50] or f"indicateur-{rang + 1}",
                libelle=valeurs["libelle"],
                nature=Nature(valeurs["nature"]),
                unite=valeurs["unite"] or "",
                reference=valeurs["reference"],
                paliers=paliers,
                certificateur=valeurs["certificateur"] or "Assurance Maladie",
                preuve_demandee=valeurs["preuve"] or "",
                source=f"avenant n° {lus.get('numero')}",
            )

    @property
    def donnees(self) -> DonneesAvenant:
        lus = self.cleaned_data
        return DonneesAvenant(
            numero=lus["numero"],
            signe_le=lus["signe_le"],
            effet_le=lus["effet_le"],
            objet=lus["objet"],
            missions=[self._mission(m.value) for m in Mission if lus[f"{m}_au_contrat"]],
            indicateurs=self.indicateurs,
            retires=[i.code for i in self.en_vigueur if lus[f"retire_{i.pk}"]],
            population=lus["population"],
            millesime=lus["millesime"],
            taille=lus["taille"],
            bareme_le=lus["bareme_le"],
            fonctionnement=lus["fonctionnement"],
            document=read_piece(lus["document"]),
        )

    def _mission(self, code: str) -> DonneesMission:
        lus = self.cleaned_data
        debut = lus.get(f"{code}_debut")
        presente = self.termes.find_mission(code)
        # A mission that enters without a start is planned: its start is recorded on the contract's page.
        prevue = debut is None if presente is None else presente.mission.statut == StatutMission.PREVUE
        return DonneesMission(
            code=code,
            statut=StatutMission.PREVUE if prevue else StatutMission.DEMARREE,
            debut=debut,
            **{nom: lus[f"{code}_{nom}"] for nom in list_montants(code)},
        )


def parse_paliers(texte: str) -> list[DonneesPalier] | None:
    """« 219 : 3000 ; 100 : 6 000 » as tiers; None when it cannot be read."""
    paliers = []
    for morceau in re.split(r"[;\n]", texte):
        if not morceau.strip():
            continue
        parts = re.split(r":|→|=", morceau)
        if len(parts) != 2:
            return None
        try:
            seuil, montant = (Decimal(re.sub(r"[\s%€]", "", part).replace(",", ".")) for part in parts)
        except InvalidOperation:
            return None
        paliers.append(DonneesPalier(seuil=seuil, montant=montant))
    return paliers or None
