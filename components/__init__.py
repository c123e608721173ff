"""Shows: an Answer and a Reader become a Dash component or figure. No callbacks, no I/O, no clock."""
