"""What the members of the demonstration say of themselves in the directory; one difference waits for an answer."""

from datetime import datetime, timedelta

from maillon.communaute.adhesions.adherents import list_adherents
from maillon.communaute.annuaire.choix import Accessibilite, ChampCorrige, Domicile, Langue, NouveauxPatients, Rubrique
from maillon.communaute.annuaire.models import Activite, Correction, FicheProfessionnel, ImportAnnuaire, Inscription
from maillon.socle.contexte import use_cpts

from .communautes import Communaute
from .personnes import Tirage

CONDITIONS = ("Habitants de la commune", "Enfants de moins de 6 ans", "Sur demande d’un confrère")
HORAIRES = ("Du lundi au vendredi, 8 h – 18 h 30", "Lundi, mardi, jeudi et vendredi, 9 h – 12 h et 14 h – 19 h")
LANGUES = (Langue.ANGLAIS, Langue.ARABE, Langue.ESPAGNOL, Langue.ITALIEN, Langue.TURC, Langue.SIGNES)
MONTREES = (Rubrique.FICHE, Rubrique.PATIENTS, Rubrique.LANGUES, Rubrique.TELEPHONE)


def fill_fiches(communaute: Communaute, *, now: datetime) -> None:
    """Two members in three keep a sheet, one in three is shown to the public."""
    cpts = communaute.cpts
    tirage = Tirage(f"fiches {cpts.slug}").hasard
    with use_cpts(cpts.pk):
        places = Activite.objects.filter(professionnel__in=list_adherents(cpts.pk, now.date())).order_by("-pk")
        lieux = {lieu.professionnel_id: lieu for lieu in places}
        fiches = []
        for rang, lieu in enumerate(lieux.values()):
            if rang % 3 == 2:
                continue
            reponse = tirage.choice(NouveauxPatients.values)
            le = now - timedelta(days=tirage.randrange(5, 200))
            fiches.append(
                FicheProfessionnel(
                    cpts=cpts,
                    professionnel_id=lieu.professionnel_id,
                    nouveaux_patients=reponse,
                    conditions=tirage.choice(CONDITIONS) if reponse == NouveauxPatients.CONDITIONS else "",
                    nouveaux_patients_le=le.date(),
                    domicile=tirage.choice(["", *Domicile.values]),
                    langues=sorted(tirage.sample(LANGUES, tirage.randrange(3))),
                    accessibilite=tirage.choice(["", *Accessibilite.values]),
                    telephone=lieu.telephone,
                    horaires=tirage.choice(["", *HORAIRES]),
                    publics=list(MONTREES) if rang % 3 == 0 else [],
                    publie_le=le if rang % 3 == 0 else None,
                    modifiee_le=le,
                )
            )
        FicheProfessionnel.objects.bulk_create(fiches)
        if (corrige := places.last()) is not None:
            Correction.objects.create(
                cpts=cpts,
                professionnel_id=corrige.professionnel_id,
                lieu=str(corrige.pk),
                champ=ChampCorrige.TELEPHONE,
                valeur="06 39 98 12 40",
                nationale="06 39 98 00 00",
                gardee_le=(now - timedelta(days=90)).date(),
            )


def note_import(*, now: datetime) -> None:
    """Say where the lines of the demonstration come from."""
    nombre = Inscription.objects.filter(fictive=True).count()
    bilan = {"nom": "Lignes fictives de la démonstration", "genre": "activites", "lignes": nombre, "ajoutees": nombre}
    ImportAnnuaire.objects.create(
        le=now - timedelta(days=12),
        par="Démonstration",
        fichiers=[{**bilan, "modifiees": 0, "terminees": 0, "inchangees": 0, "refusees": 0, "octets": 0}],
        extrait_le=(now - timedelta(days=14)).date(),
        duree_s=0.0,
    )
