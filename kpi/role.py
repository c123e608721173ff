"""What a kind of person may see: pages, rows, columns and files. Declared once; doors, menus, masks and tests render it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kpi.catalog.boards import BOARDS, Board
from kpi.listing import Personal
from kpi.text import Text

NOTHING_PERSONAL: frozenset[Personal] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Role:
    """`pages` names boards; None opens every board of the business, also ones that are built later.

    `held_for` says for which kinds of unit the role can be given: network, region, store. `clear` are the personal columns
    that it reads unmasked on the screen, `clear_in_files` in the files it takes away; every look is written down.
    """

    key: str
    name: Text
    sees: Text
    """In words, for the people who hand roles out."""
    held_for: tuple[str, ...]
    home: str = "/"
    pages: frozenset[str] | None = None
    listings: frozenset[str] | None = None
    """Lists that may leave as files; None allows all."""
    clear: frozenset[Personal] = NOTHING_PERSONAL
    clear_in_files: frozenset[Personal] = NOTHING_PERSONAL
    administers: bool = False

    def opens(self, path: str) -> bool:
        """Whether a page may be seen; `path` is a board's, or of a page below one (/metric/nps)."""
        board = board_of(path)
        if board is None:
            return False
        if self.pages is None:
            return board.of_business
        return board.path in self.pages

    def exports(self, listing: str) -> bool:
        return self.listings is None or listing in self.listings

    def menu(self) -> tuple[tuple[str, Text], ...]:
        """The boards of this role that stand in the navigation."""
        return tuple(
            (board.path, board.name) for board in BOARDS.values() if board.in_menu and self.opens(board.path)
        )


def board_of(path: str) -> Board | None:
    """The board of an address; one with a key in it (/metric/nps) belongs to its beginning."""
    return BOARDS.get(path) or BOARDS.get("/" + path.split("/")[1] if path.startswith("/") else path)


def by_key(roles: Iterable[Role]) -> dict[str, Role]:
    return {role.key: role for role in roles}
