"""IPP printers below CUPS, and a private cupsd: the paper and the card printer without the machines.

``python -m hardware_sim.printers --config FILE`` runs the printers in a process of their own; ``process`` starts it;
``cups`` runs a cupsd with the two queues.
"""
