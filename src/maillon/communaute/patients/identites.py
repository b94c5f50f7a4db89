"""From what a person typed to encrypted columns and fingerprints, and back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from maillon.socle.chiffrement import blind_index, decrypt, encrypt, index_words, normalize

from .models import CHAMPS_IDENTITE, Identite

TABLE = Identite._meta.db_table
DATE_FRANCAISE = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
TELEPHONE = re.compile(r"(?:\+|\b)\d(?:[ .\-]?\d){8,13}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieIdentite:
    """What is asked of a patient, and nothing more. Texts are kept as typed, without outer spaces."""

    nom: str
    prenom: str
    naissance: date | None = None
    telephone: str = ""
    courriel: str = ""
    adresse: str = ""
    proche_nom: str = ""
    proche_telephone: str = ""
    proche_lien: str = ""

    def texts(self) -> Iterator[tuple[str, str]]:
        """Column and clear text of each identifying field; the birth date in ISO form."""
        for field in fields(self):
            value = getattr(self, field.name)
            yield field.name, value.isoformat() if isinstance(value, date) else (value or "").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentiteLue(SaisieIdentite):
    """An identity that was read, and whose reading is in the journal."""

    patient_id: UUID

    @property
    def nom_complet(self) -> str:
        """« Prénom NOM », as the desk calls a person."""
        return f"{self.prenom} {self.nom.upper()}".strip()


def normalize_telephone(text: str) -> str:
    """The digits of a telephone number, French international form brought back to the national one."""
    digits = re.sub(r"\D", "", text)
    for prefix in ("0033", "33"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 9:
            return f"0{digits[len(prefix) :]}"
    return digits


def seal(identite: SaisieIdentite, *, cpts_id: UUID, row_id: UUID) -> dict[str, bytes]:
    """The encrypted columns of the `Identite` row `row_id`."""
    return {
        column: encrypt(text, cpts_id=cpts_id, table=TABLE, column=column, row_id=row_id)
        for column, text in identite.texts()
    }


def unseal(row: Mapping[str, bytes], *, cpts_id: UUID, row_id: UUID, patient_id: UUID) -> IdentiteLue:
    """The identity of encrypted columns; ValeurIllisible when one was altered or moved."""
    texts = {
        column: decrypt(row[column], cpts_id=cpts_id, table=TABLE, column=column, row_id=row_id)
        for column in CHAMPS_IDENTITE
    }
    birth = texts.pop("naissance")
    return IdentiteLue(patient_id=patient_id, naissance=date.fromisoformat(birth) if birth else None, **texts)


def get_empreintes(identite: SaisieIdentite, *, cpts_id: UUID) -> list[bytes]:
    """Every fingerprint by which this identity is found: words and first letters of the name, telephones, birth."""
    found = set(index_words(f"{identite.nom} {identite.prenom}", cpts_id=cpts_id))
    for number in (identite.telephone, identite.proche_telephone):
        if digits := normalize_telephone(number):
            found.add(blind_index(digits, cpts_id=cpts_id, kind="telephone"))
    if identite.naissance:
        found.add(blind_index(identite.naissance.isoformat(), cpts_id=cpts_id, kind="naissance"))
    return sorted(found)


def get_empreintes_noms(texte: str, *, cpts_id: UUID) -> list[bytes]:
    """The fingerprints of the whole words of a name."""
    return sorted({blind_index(mot, cpts_id=cpts_id, kind="mot") for mot in normalize(texte).split()})


def get_empreinte_telephone(numero: str, *, cpts_id: UUID) -> bytes:
    """The fingerprint of a telephone number."""
    return blind_index(normalize_telephone(numero), cpts_id=cpts_id, kind="telephone")


@dataclass(frozen=True, slots=True)
class Recherche:
    """A typed search cut into what can be found: exact facts, then words."""

    faits: tuple[bytes, ...]
    mots: tuple[str, ...]

    def exact(self, cpts_id: UUID) -> list[bytes]:
        """Fingerprints of the facts and of whole words; three letters are the beginning of a word."""
        return [*self.faits, *(_index_word(word, len(word) == 3, cpts_id) for word in self.mots)]

    def wide(self, cpts_id: UUID) -> list[bytes]:
        """The same by the first three letters of each word, for a word half typed or misspelt at its end."""
        return [*self.faits, *(_index_word(word, len(word) >= 3, cpts_id) for word in self.mots)]


def _index_word(word: str, beginning: bool, cpts_id: UUID) -> bytes:
    if beginning:
        return blind_index(word[:3], cpts_id=cpts_id, kind="debut")
    return blind_index(word, cpts_id=cpts_id, kind="mot")


def parse_recherche(texte: str, *, cpts_id: UUID) -> Recherche:
    """Birth dates (jj/mm/aaaa), telephone numbers and words of a search; what cannot be found is left out."""
    faits: list[bytes] = []

    def take_date(match: re.Match[str]) -> str:
        day, month, year = (int(part) for part in match.groups())
        try:
            iso = date(year, month, day).isoformat()
        except ValueError:
            return " "
        faits.append(blind_index(iso, cpts_id=cpts_id, kind="naissance"))
        return " "

    def take_telephone(match: re.Match[str]) -> str:
        faits.append(blind_index(normalize_telephone(match[0]), cpts_id=cpts_id, kind="telephone"))
        return " "

    rest = TELEPHONE.sub(take_telephone, DATE_FRANCAISE.sub(take_date, texte))
    words = dict.fromkeys(word for word in normalize(rest).split() if len(word) >= 2)
    return Recherche(faits=tuple(faits), mots=tuple(words))
