"""What every answer tells the browser to refuse: foreign scripts, frames, guessing, and keeping what is personal."""

from __future__ import annotations

from flask import Response, current_app, request

HSTS = "max-age=31536000; includeSubDomains"
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_PAGE = (
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)
_KEPT = ("/assets/", "/_dash-component-suites/", "/_favicon.ico")


def harden(response: Response) -> Response:
    """Styles may stand in the page, because the tables' library writes them there; scripts may not."""
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    response.headers["Content-Security-Policy"] = _policy(response.mimetype == "text/html")
    if not current_app.extensions.get("frame_ancestors"):
        response.headers["X-Frame-Options"] = "DENY"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    if not request.path.startswith(_KEPT):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _policy(page: bool) -> str:
    """Dash's own inline scripts are known by their hashes; it adds some with the first page, so they are asked anew."""
    known = current_app.extensions
    ancestors = "frame-ancestors " + (known.get("frame_ancestors") or "'none'")
    if not page:
        return f"default-src 'none'; {ancestors}"
    return "; ".join((f"script-src 'self' {' '.join(known['inline_scripts']())}", *_PAGE, ancestors))
