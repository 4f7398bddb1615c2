"""The studio's part of the API."""

from generation.api import clips, productions, takes

router_entries = [*clips.router_entries, *productions.router_entries, *takes.router_entries]
