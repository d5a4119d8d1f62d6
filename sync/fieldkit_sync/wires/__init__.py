"""What carries sealed files: a folder, HTTP, an object store. Each is one file with four verbs.

A wire never looks into what it carries. The unit is a volume: a sealed file named by the digest of
its own bytes. So volumes may go in any order, twice, and over several wires at once; what lies on
the other side under a name is that volume or nothing.
"""
