"""What people wrote to each other in the demonstration: fictitious, and it says so."""

from datetime import datetime, timedelta

from django.db.models import F

from maillon.communaute.messagerie.criteres import Criteres
from maillon.communaute.messagerie.enums import EtatMssante, Nature, Portee
from maillon.communaute.messagerie.models import BoiteMssante, Destinataire, EnvoiMssante, PiecePatient, Reception
from maillon.communaute.messagerie.services.annonces import publish_annonce
from maillon.communaute.messagerie.services.commun import Recu
from maillon.communaute.messagerie.services.conversations import open_conversation, post_message
from maillon.communaute.messagerie.services.envois import launch_envoi, save_envoi, write_lot
from maillon.communaute.messagerie.services.fils import open_fil, post_in_fil
from maillon.communaute.patients.models import Patient, RelationSoin
from maillon.communaute.personnes.models import Personne
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.models import Membre
from maillon.socle.droits.selectors import acteur_of_membre
from maillon.socle.identifiants import new_id

from .communautes import Communaute

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
INFORMATION = """Bonjour {prénom},

Le calendrier des ateliers d’automne est prêt : vous le trouverez en pièce jointe. Inscrivez-vous auprès de Solène \
avant vendredi.

Ceci est une démonstration : personnes, adresses et dates sont fictives.

Claire Fournel, coordinatrice"""
DISPONIBILITES = """Bonjour {prénom},

{communauté} tiendra un stand au forum des associations. Quelles sont vos disponibilités ce samedi-là ?

Ceci est une démonstration : le forum est fictif."""


def write_messages(communaute: Communaute, *, now: datetime) -> None:
    """A mailing, two conversations, one of them about a patient, and an announcement half read."""
    cpts_id = communaute.cpts.pk
    with use_cpts(cpts_id):
        gens = {membre.compte.nom: membre for membre in Membre.objects.select_related("compte").filter(cpts=cpts_id)}
        claire, lucie = _act(gens["Fournel"]), _act(gens["Oriol"])
        with horloge.at(now - timedelta(days=6)):
            _mail(communaute, claire)
        with horloge.at(now - timedelta(days=3)):
            _announce(communaute, claire)
        with horloge.at(now - timedelta(days=1, hours=2)):
            fil = open_conversation(
                cpts_id=cpts_id,
                personnes=_people(gens, "Oriol", "Massardier"),
                titre="Salle pour l’assemblée générale",
                texte="La mairie nous prête la salle des Ursules le 12, de 18 h à 21 h. Cela vous convient ?",
                by=claire,
            )
        with horloge.at(now - timedelta(hours=3)):
            post_message(conversation=fil, texte="Parfait. Je préviens les infirmiers, et j’apporte le café.", by=lucie)
        _about_patient(communaute, claire, now)


def _act(membre: Membre) -> Acteur:
    return acteur_of_membre(membre.compte, membre, fort=True)


def _people(gens: dict[str, Membre], *noms: str) -> list[Personne]:
    return list(Personne.objects.filter(membre__in=[gens[nom] for nom in noms]))


def _mail(communaute: Communaute, claire: Acteur) -> None:
    champs = {
        "objet": "Les ateliers d’automne",
        "texte": INFORMATION,
        "nature": Nature.INFORMATION,
        "criteres": Criteres(professions=("10", "60", "21")).as_json(),
    }
    piece = Recu("calendrier-des-ateliers.pdf", PDF)
    envoi = save_envoi(cpts_id=communaute.cpts.pk, champs=champs, pieces=[piece], by=claire)
    brouillon = {**champs, "objet": "Vos disponibilités pour le forum des associations", "texte": DISPONIBILITES}
    save_envoi(cpts_id=communaute.cpts.pk, champs=brouillon, by=claire)
    launch_envoi(envoi=envoi, by=claire)
    while write_lot(envoi_id=envoi.pk):
        pass
    keys = list(Destinataire.objects.filter(envoi=envoi).values_list("pk", flat=True)[:3])
    mails = Message.objects.filter(objet_id__in=Destinataire.objects.filter(envoi=envoi).values("pk"))
    mails.update(etat=Etat.ENVOYE, tentatives=1, envoye_le=F("cree_le"))
    refused = "refus définitif du serveur (code 550)"
    mails.filter(objet_id__in=keys[:2]).update(etat=Etat.ECHEC, erreur=refused, envoye_le=None)
    mails.filter(objet_id=keys[2]).update(etat=Etat.INCERTAIN, erreur="le serveur a coupé la connexion", envoye_le=None)


def _announce(communaute: Communaute, claire: Acteur) -> None:
    annonce = publish_annonce(
        cpts_id=communaute.cpts.pk,
        titre="Assemblée générale le mois prochain : réservez votre soirée",
        texte="L’assemblée générale se tiendra à la salle des Ursules. La convocation suivra avec l’ordre du jour.\n\n"
        "Annonce fictive, pour la démonstration.",
        criteres=Criteres(portee=Portee.PERSONNES),
        affichee_jusqu_au=horloge.today() + timedelta(days=21),
        par_courriel=False,
        by=claire,
    )
    readers = list(Reception.objects.filter(annonce=annonce).order_by("personne__prenom").values_list("pk", flat=True))
    Reception.objects.filter(pk__in=readers[::2]).update(lue_le=horloge.now() + timedelta(hours=7))


def _about_patient(communaute: Communaute, claire: Acteur, now: datetime) -> None:
    """The desk and a doctor about a person whom the doctor follows; a letter went by MSSanté, another was refused."""
    soignants = {
        personne.membre.compte.rpps: personne
        for personne in Personne.objects.filter(membre__compte__rpps__gt="").select_related("membre__compte")
        if personne.membre is not None
    }
    relations = RelationSoin.objects.in_force().filter(rpps__in=soignants, patient__in=Patient.objects.present())
    relation = relations.select_related("patient").order_by("-depuis", "pk").first()
    if relation is None:
        return
    soignant = soignants[relation.rpps]
    assert soignant.membre is not None
    with horloge.at(now - timedelta(days=2)):
        fil = open_fil(
            patient=relation.patient,
            personnes=[soignant],
            texte="Cette personne vous attend pour une première consultation. Elle ne peut pas se déplacer : "
            "une visite est-elle possible ? (Personne fictive.)",
            by=claire,
        )
    with horloge.at(now - timedelta(days=1)):
        post_in_fil(
            fil=fil,
            texte="Oui, jeudi après-midi. Je joins le courrier pour l’infirmière.",
            pieces=[Recu("courrier.pdf", PDF)],
            by=_act(soignant.membre),
        )
    boite = BoiteMssante(
        id=new_id(),
        cpts_id=communaute.cpts.pk,
        adresse="coordination@cpts-demonstration.mssante.fr",
        smtp_hote="smtp.cpts-demonstration.mssante.fr",
        identifiant="demonstration",
        verifiee_le=now - timedelta(days=2),
    )
    boite.write_secret("fictif")
    boite.save()
    piece = PiecePatient.objects.only("id").get(conversation=fil)
    for local, etat, raison in (
        ("infirmiere.fictive", EtatMssante.REMIS, ""),
        ("adresse.ancienne", EtatMssante.REFUSE, "cette adresse n’existe pas (code 5.1.1)"),
    ):
        le = now - timedelta(hours=20)
        envoi = EnvoiMssante(
            id=new_id(), cpts_id=fil.cpts_id, conversation=fil, piece_id=piece.pk, etat=etat, raison=raison,
            cree_le=le, envoye_le=le, accuse_le=le + timedelta(minutes=2), tentatives=1,
        )  # fmt: skip
        envoi.write_secrets(adresse=f"{local}@medecin.mssante.fr", texte="")
        envoi.save()
