"""Order of those who are asked: by hand, from the words of the rule."""

from maillon.regles.tour import Pressenti, cut, rank


def cles(rangs) -> list[str]:
    return [rang.pressenti.cle for rang in rangs]


def test_the_usual_professional_comes_first_however_far_and_busy() -> None:
    loin = Pressenti("habituel", 45, sollicitations=9, acceptations=9)
    assert cles(rank([Pressenti("voisin", 2), loin], usuel="habituel")) == ["habituel", "voisin"]


def test_nearness_by_bands_then_the_burden_then_the_minutes() -> None:
    people = [
        Pressenti("inconnu", None),
        Pressenti("tres-loin", 31),
        Pressenti("loin", 30),
        Pressenti("moyen", 20),
        Pressenti("proche-charge", 1, sollicitations=2, acceptations=1),
        Pressenti("proche-sollicite", 3, sollicitations=5),
        Pressenti("proche-repose", 10),
        Pressenti("proche-repose-aussi", 9),
    ]
    assert cles(rank(people)) == [
        "proche-repose-aussi",
        "proche-repose",
        "proche-sollicite",
        "proche-charge",
        "moyen",
        "loin",
        "tres-loin",
        "inconnu",
    ]


def test_the_same_facts_give_the_same_order() -> None:
    people = [Pressenti("b", 5), Pressenti("a", 5)]
    assert cles(rank(people)) == cles(rank(people[::-1])) == ["a", "b"]


def test_each_rank_is_explained() -> None:
    first, second, third = rank(
        [Pressenti("a", 8, 2, 1), Pressenti("b", 15, 3), Pressenti("c", None)],
        usuel="c",
    )
    assert first.phrase == "professionnel habituel, trajet inconnu, pas sollicité depuis 30\u00a0jours"
    assert second.phrase == "à 8\u00a0min environ, sollicité 2\u00a0fois en 30\u00a0jours, a accepté 1\u00a0fois"
    assert third.phrase == "à 15\u00a0min environ, sollicité 3\u00a0fois en 30\u00a0jours, n’a pas accepté"


def test_waves() -> None:
    people = [Pressenti(cle, 5) for cle in "abcde"]
    assert [cles(wave) for wave in cut(rank(people, usuel="d"), 2)] == [["d"], ["a", "b"], ["c", "e"]]
    assert [cles(wave) for wave in cut(rank(people), 3)] == [["a", "b", "c"], ["d", "e"]]
    assert cut([], 3) == []
