"""Forms of partners without account: the desk gives a link, the partner files with it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.communaute.territoire.models import Commune

from ..enums import PARTENAIRES
from .champs import Formulaire
from .guichet import NouvelleForm

DUREES = ((3, "trois mois"), (6, "six mois"), (12, "un an"))


class AccesPartenaireForm(Formulaire):
    origine = forms.ChoiceField(
        label="Compter ses demandes comme venant de", choices=[(o.value, o.label) for o in PARTENAIRES]
    )
    service = forms.CharField(
        label="Service ou personne",
        max_length=80,
        required=False,
        help_text="Qui garde ce lien : « service social », « accueil du CCAS ».",
    )
    mois = forms.TypedChoiceField(label="Valable", choices=DUREES, coerce=int, initial=6)
    courriel = forms.EmailField(
        label="L’envoyer à",
        required=False,
        help_text="Le lien part à cette adresse, qui n’est pas gardée. Sinon, copiez-le à l’écran suivant.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : nom@exemple.fr."},
    )


class OrienterForm(NouvelleForm):
    """A whole request by a partner who has no account."""

    def __init__(self, *args: Any, communes: Sequence[Commune], **options: Any) -> None:
        super().__init__(*args, communes=communes, **options)
        self.fields["accord"].label = "La personne est à côté de moi ou m’a donné son accord, et connaît cette notice."
        self.fields["accord"].help_text = "Sans son accord, donnez-lui plutôt le formulaire papier ou le téléphone."
        self.fields["courriel"].help_text = "Le sien : elle y reçoit le lien pour suivre sa demande."
