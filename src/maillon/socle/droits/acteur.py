"""The actor of a request, a job or a command."""

from dataclasses import dataclass
from uuid import UUID

from .enums import Genre, Role, RoleTerritorial
from .permissions import Permission


@dataclass(frozen=True, slots=True)
class Acteur:
    """What services take as `by=` and querysets as `visible_to(acteur)`.

    `fort` says that the person signed in with two factors. `lien_objet` is the object that a signed link opens.
    `cpts_lues` are the communities whose contracts an agent reads; `cpts_regulees` those whose slots a regulator sees
    and books: holding both opens neither to the other.
    """

    genre: Genre
    nom: str = ""
    compte_id: UUID | None = None
    rpps: str | None = None
    cpts_id: UUID | None = None
    membre_id: UUID | None = None
    roles: frozenset[Role | RoleTerritorial] = frozenset()
    missions: frozenset[str] = frozenset()
    departements: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    cpts_lues: frozenset[UUID] = frozenset()
    cpts_regulees: frozenset[UUID] = frozenset()
    lien_id: UUID | None = None
    lien_objet: UUID | None = None
    fort: bool = False

    @property
    def is_connecte(self) -> bool:
        return self.compte_id is not None

    def can(self, permission: Permission | str) -> bool:
        """Whether a role of this actor holds the permission (object visibility is asked of the queryset)."""
        if isinstance(permission, str):
            permission = Permission.get(permission)
        if self.genre is Genre.SYSTEME:
            return True
        return bool(self.roles & permission.roles)

    def has_role(self, *roles: Role | RoleTerritorial) -> bool:
        return bool(self.roles & set(roles))

    @property
    def etiquette(self) -> str:
        """Short technical name kept in the journal: kind and roles, never a person's name."""
        return ":".join([self.genre.value, "+".join(sorted(role.value for role in self.roles))]).rstrip(":")


PUBLIC = Acteur(genre=Genre.PUBLIC)
SYSTEME = Acteur(genre=Genre.SYSTEME, nom="Maillon")
