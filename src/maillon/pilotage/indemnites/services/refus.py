"""What the database refuses, said to a person."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from maillon.regles.erreurs import SaisieInvalide

PHRASES = {
    "_une_fois": "C’est déjà déclaré.",
    "indemnites_plafond_annuel": "Le plafond annuel de cette personne serait dépassé. Refusez, ou corrigez le montant.",
    "indemnites_situation_declaree": "Cette personne n’a pas encore dit si une autre CPTS la paie cette année\u00a0: "
    "demandez-le-lui, ou notez sa réponse sur sa page.",
    "indemnites_pas_pour_soi": "Cela vous concerne\u00a0: une autre personne doit le vérifier ou l’approuver.",
    "deux_personnes": "Vous avez déjà vérifié\u00a0: une autre personne du bureau doit approuver.",
    "indemnites_convention_en_vigueur": "Aucune convention avec cet employeur n’est en vigueur ce jour-là\u00a0: "
    "enregistrez-la, ou corrigez la participation.",
    "indemnites_approuvee_intacte": "C’est déjà approuvé\u00a0: rien ne change plus, sauf par une contre-passation.",
    "indemnites_approuvee_verifiee": "Seul ce qui a été vérifié s’approuve, sans rien y changer.",
    "indemnites_tarif_sans_chevauchement": "Un tarif couvre déjà cette fonction sur une partie de la période\u00a0: "
    "fermez-le d’abord.",
    "indemnites_bareme_sans_chevauchement": "Un barème couvre déjà une partie de la période\u00a0: fermez-le d’abord.",
    "indemnites_convention_sans_chevauchement": "Une convention avec cet employeur couvre déjà une partie de la "
    "période\u00a0: fermez-la d’abord.",
}


@contextmanager
def say_refus() -> Iterator[None]:
    """Turn what the database refuses into SaisieInvalide; the refused write alone is undone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refus:
        for contrainte, phrase in PHRASES.items():
            if contrainte in str(refus):
                raise SaisieInvalide(phrase) from None
        raise
