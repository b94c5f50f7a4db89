"""Words that names of the national directory are made of: those that begin alike, those that resemble."""

from collections.abc import Sequence

from django.contrib.postgres.search import TrigramSimilarity

from ..models import Mot

VOISINS = 8
CANDIDATS = 80
# How many words that begin alike are searched one by one.
SUITES = 60
# How many slips of the keyboard are forgiven in a word, by its length.
FAUTES = ((8, 2), (3, 1))


def finish(mots: Sequence[str]) -> dict[str, list[str]]:
    """Words of the directory that are each of these or, unless it is so short that half of the country begins so, that
    begin so; no more than it takes to see that they are many.
    """
    premier, *autres = [
        (Mot.objects.filter(pk__startswith=mot) if len(mot) > 2 else Mot.objects.filter(pk=mot)).values_list(
            "pk", flat=True
        )[: SUITES + 1]
        for mot in dict.fromkeys(mots)
    ]
    trouves = list(premier.union(*autres))
    return {mot: [trouve for trouve in trouves if trouve.startswith(mot)] for mot in mots}


def find_resembling(mot: str) -> list[str]:
    """Words of the directory that are this one but for a slip or two, the nearest first."""
    near = Mot.objects.filter(mot__trigram_similar=mot).annotate(proximite=TrigramSimilarity("mot", mot))
    candidats = near.order_by("-proximite", "mot").values_list("mot", flat=True)[:CANDIDATS]
    permises = next((fautes for longueur, fautes in FAUTES if len(mot) >= longueur), 0)
    ecarts = [(count_fautes(mot, candidat), candidat) for candidat in candidats]
    # Two letters for one sound (« sophie », « sofie ») is one slip more.
    return [candidat for ecart, candidat in sorted(ecarts) if ecart <= permises + 1][:VOISINS]


def count_fautes(a: str, b: str) -> int:
    """Letters to add, remove, replace or swap with the next one to go from a word to the other."""
    avant: list[int] = []
    ligne = list(range(len(b) + 1))
    for i, lettre in enumerate(a, 1):
        avant, precedente, ligne = ligne, avant, [i]
        for j, autre in enumerate(b, 1):
            cout = min(avant[j] + 1, ligne[j - 1] + 1, avant[j - 1] + (lettre != autre))
            if i > 1 and j > 1 and lettre == b[j - 2] and a[i - 2] == autre:
                cout = min(cout, precedente[j - 2] + 1)
            ligne.append(cout)
    return ligne[-1]
