"""PINs over the WhatsApp Cloud API, and the other end of it simulated.

- `Sender` (Dinas): sends the PIN as an authentication template and the QR as a utility template with an image header.
- `webhook.make_router` (Dinas): takes the signed status webhooks.
- `Records` (Dinas): what became of each message, for the desk.
- `Graph` (outside): the endpoint of the Cloud API, and the phones behind it.

Decisions:

- **Time to live** of the PIN template is -1, 30 days. The default of the category is ten minutes: a PIN sent to a phone
  that is off or out of coverage would be dropped and nobody told (no webhook comes for it). The PIN is good for days,
  so nothing is gained by dropping it.
- **The QR comes as a second message.** An authentication template allows no media, no link and no parameter longer than
  15 characters. So the QR ("ADM1:<handle>") is the image header of a utility template, uploaded beforehand and named by
  its media id: no public server of ours has to serve it. Neither message holds a NIK or a name.
- **Repeats**: only what was surely not sent (a refused connection, an error answer of the retry class) is sent again.
  An answer that was lost leaves the message *unknown*; the webhook still finds it by ``biz_opaque_callback_data``.
"""

from hardware_sim.dinas.whatsapp.graph import Graph
from hardware_sim.dinas.whatsapp.records import MessageStatus, Records, SentMessage
from hardware_sim.dinas.whatsapp.sender import Sender, WhatsAppError
from hardware_sim.dinas.whatsapp.settings import WhatsAppSettings
from hardware_sim.dinas.whatsapp.webhook import make_router

__all__ = [
    "Graph",
    "MessageStatus",
    "Records",
    "Sender",
    "SentMessage",
    "WhatsAppError",
    "WhatsAppSettings",
    "make_router",
]
