"""Delivers the messages that wait: oldest first in each channel, at its pace, never twice.

A message is marked before it is sent, so that a bot killed between sending and noting finds it as
*uncertain*: it may have arrived, and is not sent again without a look.  What is known not to have
arrived is tried again after a growing wait; what is refused for good is kept as a dead letter.
"""

from bot.outbox.deliver import Outgoing
from bot.outbox.digesting import CROWD
from bot.outbox.holds import Holds
from bot.outbox.lanes import EVERYWHERE
from bot.outbox.patience import Patience

__all__ = ["CROWD", "EVERYWHERE", "Holds", "Outgoing", "Patience"]
