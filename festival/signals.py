"""The one signal that travels from the trunk to the branches."""

from django.dispatch import Signal

film_moved = Signal()  # sender Film; film=, was=: sent within the transaction that moves it
