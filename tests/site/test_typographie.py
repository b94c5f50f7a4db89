"""What a person reads has French typography, and the check that says so sees each place where it may be missing."""

import importlib.util
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
CHEMIN = RACINE / "outils" / "controler_typographie.py"
SPEC = importlib.util.spec_from_file_location("controler_typographie", CHEMIN)
assert SPEC is not None
assert SPEC.loader is not None
outil = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(outil)

FAUTES = {
    "a.py": [
        'dit = "Il manque un nom : donnez-le."',
        'dit = f"La ligne « {nom}\u00a0» est close."',
        'dit = f"{nom} : {nombre}"',
        'dit = ("Rien n’a changé" " ; recommencez.")',
        'dit = "Est-ce lui ?"',
        'dit = "3 000 €"',
        'dit = "l\'adresse"',
    ],
    "a.html": [
        "<p>Une question ?</p>",
        "<p><b>Attention</b> : c’est clos.</p>",
        "{{ nom }} : {{ nombre }}",
        '{% include "ui/avis.html" with texte="Perdu ? Appelez." %}',
        '<a aria-label="Fermer : oui">x</a>',
        "<p>l'adresse</p>",
    ],
    "courriels/a.txt": ["Téléphone : {{ telephone }}"],
    "guide/a.md": ["Deux cas : l’un, l’autre."],
    "a.yaml": ["note: ordre de grandeur ; à confirmer"],
    "a.typ": ["[Au sujet de : #d.nom]"],
    "a.js": ["dire(`${nom} : une de moins`);"],
}
PERMIS = {
    "a.py": [
        'dit = "Il manque un nom\u00a0: donnez-le."',
        'dit = f"{jour:%d/%m} {x!r:>4}"  # 3 : commentaire',
        '"""Says : nothing to anyone."""',
        'sql = "SELECT a FROM b WHERE c = 1 ; SELECT 2"',
        'motif = r"(a : b)"',
        'propre = ligne.strip(" ;,")',
        'octets = b"a : b"',
        'forme = "prenom.nom@exemple.fr:25"',
    ],
    "a.html": [
        "{% if a != b %}<p>Une question\u00a0?</p>{% endif %}",
        "{# une note : rien #}<!-- une autre : rien -->",
        '<script src="x">a ? b : c</script><p class="a : b">x</p>',
        "{{ jour|date:'j F' }}",
    ],
    "messages/sms_rappel.txt": ["Rappel : demain."],
    "guide/a.md": ["Tapez `a : b`, puis [lisez](a?b=1 'x')."],
    "a.yaml": ["# note : rien\ncle: valeur"],
    "a.js": ["const a = b ? c : d; // l'un : l'autre"],
    "a.css": ["a : b"],
}


def cases(choix):
    return [
        pytest.param(nom, texte, id=f"{nom}-{n}") for nom, textes in choix.items() for n, texte in enumerate(textes)
    ]


@pytest.mark.parametrize(("nom", "texte"), cases(FAUTES))
def test_a_plain_space_or_a_straight_apostrophe_is_seen(nom, texte):
    assert len(outil.find_fautes(nom, texte)) == 1


@pytest.mark.parametrize(("nom", "texte"), cases(PERMIS))
def test_what_nobody_reads_is_left_alone(nom, texte):
    assert outil.find_fautes(nom, texte) == []


def test_it_points_at_the_character():
    texte = "<p>Bonjour.</p>\n<p>Une question ?</p>"
    (place,) = outil.find_fautes("a.html", texte)
    assert texte[place : place + 2] == " ?"
