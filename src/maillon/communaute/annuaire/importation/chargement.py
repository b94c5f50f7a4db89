"""One published file into its table: everything by COPY at a first load, by difference of fingerprints afterwards.

Runs inside the transaction of the import, as the runtime role. A refresh reads the fingerprints of the table (8 bytes a
line), those of the file, and writes only the lines whose fingerprint is on one side alone.
"""

# ruff: noqa: S608 - names of our own tables and columns, never a value

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor
from xxhash import xxh3_128

from maillon.communaute.lecture import Codage, Refus, Source, read_blocks

from .colonnes import Forme, read_entete
from .difference import Bilan, Difference
from .empreintes import Connues, Empreintes, compute_empreintes, is_in
from .lignes import DOUBLON, Lecteur

# Lines cut up and sent together: nearly those of a block at a first load, where all are new.
PAQUET = 1000
# Bytes of new lines that a refresh writes at a time, while it reads on.
LOT = 1 << 20


@dataclass(slots=True)
class Attente:
    """Lines to cut up, with their fingerprints (an array a block), their numbers and their bytes as published; those
    already refused.
    """

    lignes: list[bytes] = field(default_factory=list)
    empreintes: list[Empreintes] = field(default_factory=list)
    numeros: list[int] = field(default_factory=list)
    brutes: list[bytes] = field(default_factory=list)
    refus: list[tuple[int, str, bytes]] = field(default_factory=list)


class Chargement:
    """Reads one file and writes what differs. `refuse` is told every line left out; `advance`, every byte read."""

    def __init__(
        self,
        cursor: CursorWrapper,
        source: Source,
        *,
        refuse: Callable[[Refus], None],
        advance: Callable[[int], None],
    ) -> None:
        self.cursor, self.source = cursor, source
        self._refuse, self._advance = refuse, advance
        self._lues: list[Empreintes] = []
        self._refusees: list[int] = []
        self._attente = Attente()
        self._codage = Codage()
        self._empreinte = xxh3_128()
        self.connues = Connues(np.empty(0, dtype=np.int64))
        # RPPS numbers, among those of the professionals whom communities know, of which a line came or went.
        self.touches: set[str] = set()
        self.communes_inconnues = 0

    def run(self, *, importe: UUID, essai: bool) -> Bilan:
        """Bring the table to what the file says. With `essai`, a first load is read without being written."""
        with self.source.open() as file:
            blocs = read_blocks(file, self.source.nom, advance=self._advance)
            premier = next(blocs, b"\n")
            self._empreinte.update(premier)
            coupe = premier.index(b"\n") + 1
            self.entete = read_entete(premier[:coupe], self.source.nom)
            self.forme, self.lecteur = self.entete.forme, Lecteur(self.entete)
            self.bilan = Bilan(self.source.nom, self.forme.genre)
            self.connues = Connues(fetch_empreintes(self.cursor, self.forme))
            rows = self._read(_chain(premier[coupe:], blocs, self._empreinte))
            if len(self.connues):
                self._refresh(rows, importe)
            else:
                self._load(rows, essai=essai)
        self.bilan.empreinte = self._empreinte.hexdigest()
        return self.bilan

    # -- reading ----------------------------------------------------------------------------------------------------

    def _read(self, blocs: Iterator[bytes]) -> Iterator[bytes]:
        """What to copy: the lines that the table does not have, cut up together as soon as they are many."""
        numero = 2
        for bloc in blocs:
            texte = bloc.replace(b"\r\n", b"\n") if b"\r" in bloc else bloc
            lignes = texte.split(b"\n")
            lignes.pop()
            self._sort_out(texte, lignes, numero)
            numero += len(lignes)
            if len(self._attente.lignes) + len(self._attente.refus) >= PAQUET:
                yield from self._cut()
        yield from self._cut()

    def _sort_out(self, texte: bytes, lignes: list[bytes], numero: int) -> None:
        """Put aside the lines of a block that are new, count the others."""
        refus: list[tuple[int, str]] = []
        a_verifier = self._codage.nom != "utf-8"
        verifiees = lignes
        if a_verifier:
            verifiees, refus = self._codage.check(lignes, texte)
        empreintes = compute_empreintes(verifiees)
        if not len(self.connues) and not a_verifier and b"" not in lignes:
            choisies, illisibles = self._codage.check(lignes, texte)
            if not illisibles:  # a first load, nothing to leave out: the block as it is
                self._put_aside(choisies, empreintes, range(numero, numero + len(lignes)), lignes)
                self.bilan.lignes += len(lignes)
                self._lues.append(empreintes)
                return
        rangs = [rang for rang in self.connues.find_new(empreintes).tolist() if verifiees[rang]]
        choisies = [verifiees[rang] for rang in rangs]
        if not a_verifier:
            choisies, illisibles = self._codage.check(choisies, b"\n".join(choisies))
            refus += [(rangs[rang], raison) for rang, raison in illisibles]
            gardes = [rang for rang, ligne in enumerate(choisies) if ligne]
            rangs, choisies = [rangs[g] for g in gardes], [choisies[g] for g in gardes]
        brutes = [lignes[rang] for rang in rangs]
        self._put_aside(choisies, empreintes[rangs], [numero + rang for rang in rangs], brutes)
        self._attente.refus += [(numero + rang, raison, lignes[rang]) for rang, raison in refus]
        vides = lignes.count(b"")
        self.bilan.lignes += len(lignes) - vides
        if refus or vides:
            lues = np.ones(len(lignes), dtype=bool)
            lues[[rang for rang, _ in refus] + [rang for rang, ligne in enumerate(lignes) if not ligne]] = False
            empreintes = empreintes[lues]
        self._lues.append(empreintes)

    def _put_aside(
        self, lignes: list[bytes], empreintes: Empreintes, numeros: Iterable[int], brutes: list[bytes]
    ) -> None:
        """New lines of a block, as checked and as published, with their fingerprints and their numbers."""
        attente = self._attente
        attente.lignes += lignes
        attente.empreintes.append(empreintes)
        attente.numeros += numeros
        attente.brutes += brutes

    def _cut(self) -> Iterator[bytes]:
        """Lines of COPY made of those put aside; tell those that are left out."""
        attente, self._attente = self._attente, Attente()
        if attente.lignes:
            empreintes = np.concatenate(attente.empreintes)
            rows, refusees = self.lecteur.read(attente.lignes, empreintes)
            attente.refus += [(attente.numeros[rang], raison, attente.brutes[rang]) for rang, raison in refusees]
            # A line refused is so wherever it is repeated: its fingerprint is none of the file's.
            self._refusees += [int(empreintes[rang]) for rang, _ in refusees]
            if rows:
                copie = b"\n".join(rows)
                yield (copie.replace(b"\\", b"\\\\") if b"\\" in copie else copie) + b"\n"
        self.bilan.refusees += len(attente.refus)
        for numero, raison, brute in sorted(attente.refus):
            self._refuse(Refus(self.source.nom, numero, raison, brute[:300].decode("utf-8", "replace")))

    def _settle(self) -> tuple[Empreintes, Empreintes]:
        """Fingerprints of the file in order, once each, and those that it repeats, which are counted as refused."""
        toutes = np.concatenate(self._lues) if self._lues else np.empty(0, dtype=np.int64)
        self._lues.clear()
        if self._refusees:
            toutes = toutes[~is_in(toutes, np.unique(np.array(self._refusees, dtype=np.int64)))]
        toutes.sort()
        suivantes = toutes[1:] == toutes[:-1]
        repetees = toutes[1:][suivantes]
        for _ in range(len(repetees)):
            self._refuse(Refus(self.source.nom, 0, DOUBLON, ""))
        self.bilan.refusees += len(repetees)
        return (toutes[np.append(True, ~suivantes)] if len(toutes) else toutes), np.unique(repetees)

    # -- writing ----------------------------------------------------------------------------------------------------

    def _copie(self, table: str) -> str:
        return f"COPY {table} ({', '.join(self.entete.champs)}) FROM STDIN WITH (DELIMITER '|')"

    def _copy(self, table: str, rows: Iterator[bytes]) -> None:
        """Send the rows; a block is made while the one before travels."""
        debut = time.monotonic()
        with self.cursor.copy(self._copie(table)) as copy:
            hand_over(rows, copy.write)
        self.bilan.copie_s = round(time.monotonic() - debut, 3)

    def _load(self, rows: Iterator[bytes], *, essai: bool) -> None:
        """A first load: the rows, then their indexes. With `essai`, beside the table, which stays open to readers."""
        sans_index = False
        if not essai:
            self.cursor.execute("SELECT maillon_annuaire_retirer_index(%s)", [self.forme.genre])
            [sans_index] = self.cursor.fetchone()
        table = self.forme.table if sans_index else self._create_arrivee()
        self.cursor.execute("SELECT rpps FROM annuaire_professionnel")
        self.touches = {rpps for (rpps,) in self.cursor.fetchall()}
        self._copy(table, rows)
        uniques, repetees = self._settle()
        self.bilan.ajoutees = len(uniques)
        if len(repetees):
            self.cursor.execute(
                f"DELETE FROM {table} t USING ("
                f" SELECT empreinte, min(ctid) AS gardee FROM {table} WHERE empreinte = ANY (%s) GROUP BY empreinte"
                ") r WHERE t.empreinte = r.empreinte AND t.ctid <> r.gardee",
                [repetees.tolist()],
            )
        if sans_index:
            debut = time.monotonic()
            self.cursor.execute("SELECT maillon_annuaire_poser_index(%s)", [self.forme.genre])
            self.bilan.index_s = round(time.monotonic() - debut, 3)
        self._count_communes(table)
        if not sans_index:
            if not essai:
                champs = ", ".join(self.entete.champs)
                self.cursor.execute(f"INSERT INTO {self.forme.table} ({champs}) SELECT {champs} FROM {table}")
            self.cursor.execute(f"DROP TABLE {table}")

    def _count_communes(self, table: str) -> None:
        """Lines of a commune that we do not have: a code that has changed since, a place abroad."""
        if not self.forme.is_activites:
            return
        self.cursor.execute(
            f"SELECT coalesce(sum(n), 0)::int FROM (SELECT commune, count(*) AS n FROM {table} GROUP BY commune) t"
            " WHERE commune <> '' AND NOT EXISTS (SELECT FROM territoire_commune c WHERE c.code_insee = t.commune)"
        )
        [self.communes_inconnues] = self.cursor.fetchone()

    def _create_arrivee(self) -> str:
        table = f"arrivee_{self.forme.genre}"
        self.cursor.execute(f"CREATE TEMP TABLE {table} (LIKE {self.forme.table} INCLUDING DEFAULTS) ON COMMIT DROP")
        return table

    def _refresh(self, rows: Iterator[bytes], importe: UUID) -> None:
        """What came and what went. Lots of new lines are written while the file is read."""
        debut = time.monotonic()
        arrivee = self._create_arrivee()
        difference = Difference(self.cursor, self.forme, arrivee)

        def write(lot: bytes) -> None:
            with self.cursor.copy(self._copie(arrivee)) as copy:
                copy.write(lot)
            difference.write()

        hand_over(gather_lots(rows), write)
        self.bilan.copie_s = round(time.monotonic() - debut, 3)
        uniques, _ = self._settle()
        self._count_communes("arrivees")
        parties = self.connues.triees[~is_in(self.connues.triees, uniques)]
        self.cursor.execute("CREATE TEMP TABLE partie (empreinte bigint) ON COMMIT DROP")
        with self.cursor.copy("COPY partie FROM STDIN") as copy:
            copy.write(b"".join(b"%d\n" % empreinte for empreinte in parties.tolist()))
        self.touches = difference.settle(self.bilan, importe)
        self.bilan.inchangees = len(self.connues) - self.bilan.modifiees - self.bilan.terminees
        self.cursor.execute(f"DROP TABLE {arrivee}, partie")


def hand_over(blocs: Iterable[bytes], send: Callable[[bytes], object]) -> None:
    """Send each block from another thread, while the next one is made; nothing else may use the connection then."""
    with ThreadPoolExecutor(max_workers=1) as facteur:
        envoi: Future[object] | None = None
        for bloc in blocs:
            if envoi is not None:
                envoi.result()
            envoi = facteur.submit(send, bloc)
        if envoi is not None:
            envoi.result()


def gather_lots(rows: Iterable[bytes]) -> Iterator[bytes]:
    """The same lines in fewer, larger pieces."""
    lot: list[bytes] = []
    taille = 0
    for bloc in rows:
        lot.append(bloc)
        taille += len(bloc)
        if taille >= LOT:
            yield b"".join(lot)
            lot.clear()
            taille = 0
    if lot:
        yield b"".join(lot)


def _chain(reste: bytes, blocs: Iterator[bytes], empreinte: xxh3_128) -> Iterator[bytes]:
    """What follows the header, taken into the fingerprint of the file."""
    if reste:
        yield reste
    for bloc in blocs:
        empreinte.update(bloc)
        yield bloc


def fetch_empreintes(cursor: CursorWrapper, forme: Forme) -> Empreintes:
    """The fingerprints of the published lines that the table holds, sorted: 8 bytes a line, in one answer."""
    brut = Cursor(cursor.connection)  # Django's binds on the client's side, which has no binary answers
    brut.execute(f"SELECT string_agg(int8send(empreinte), ''::bytea) FROM {forme.table} WHERE NOT fictive", binary=True)
    [(octets,)] = brut.fetchall()
    empreintes = np.frombuffer(octets or b"", ">i8").astype(np.int64)
    empreintes.sort()
    return empreintes
