"""The policy of an office that keeps none yet: what it enrolled, as version 1."""
from __future__ import annotations
from fieldkit_sync.policy import Policy, Member
from . import offices

def current(ws):
    k = offices.load(ws)
    return Policy(k.office, k.name, k.ca_public_key, 1, "0"*16, (k.recipient,), tuple(Member(d.device, d.public_key, getattr(d,"office_key","")) for d in sorted(offices.enrolled(ws), key=lambda d:d.device)), ())

def lower(ws):
    return []

def keep(ws, raw):
    return None
