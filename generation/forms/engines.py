"""The list of engines, each with how far it goes."""

from django import forms

from generation import access
from generation.engines.base import Card


class EngineSelect(forms.Select):
    """Its options say for `engine-reach.js` what lengths and shapes their engines draw."""

    cards: dict[str, Card] = {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if card := self.cards.get(str(value)):
            option["attrs"] |= {
                "data-lengths": access.lengths(card),
                "data-shapes": access.shapes(card),
                "data-shortest": f"{card.shortest_s:g}",
                "data-longest": f"{card.longest_s:g}",
                "data-aspects": " ".join(card.sizes),
            }
        return option
