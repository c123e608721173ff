"""All stores to choose one from: those with the longest waits first, then every region's, opened one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from components import floor_wording as words
from components import html, wording
from components.attributes import data
from components.html import Element
from components.reader import Reader
from kpi.organisation import Site
from kpi.text import Text, same


def choose(
    sites: Sequence[Site],
    regions: Mapping[str, Text],
    reader: Reader,
    href_of: Callable[[str], str],
    first: Element | None = None,
) -> Element:
    """`first` stands before the regions: the stores that need somebody now."""
    if not sites:
        return html.Section(html.P(reader.told(wording.EMPTY), className="empty"), className="panel choose")
    groups: dict[str, list[Site]] = {}
    for site in sites:
        groups.setdefault(site.region, []).append(site)
    opened = len(groups) == 1
    parts = [
        html.Details(
            [
                html.Summary(
                    reader.told(words.STORES_OF.filled(name=regions.get(region, same(region)), n=len(found)))
                ),
                html.Ul(
                    [
                        html.Li(html.Link(reader.told(site.name), href=href_of(site.store_id)))
                        for site in found
                    ]
                ),
            ],
            open=opened,
            id=f"stores-{region}",
        )
        for region, found in groups.items()
    ]
    lead = html.P(reader.told(words.CHOOSE_LEAD), className="lead")
    return html.Section(
        [part for part in (lead, first, *parts) if part is not None],
        className="panel choose",
        **data(role="choose"),
    )
