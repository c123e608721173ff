"""Every listing the product knows, each declared once in the file of its area."""

from __future__ import annotations

from kpi.catalog.listings import customers, one_order, orders, parts, technicians, today, voice
from kpi.listing import Listing

LISTINGS: dict[str, Listing] = {
    listing.key: listing
    for area in (orders, one_order, parts, customers, technicians, voice, today)
    for listing in area.LISTINGS
}
