"""Training and measuring the choice of main content, on pages whose main text people marked.

``wcxb-dev.tar`` is the development part of WCXB (Murrough-Foley 2026, CC BY 4.0). A third of its sites, by the SHA-256
of their names, teaches nothing.
"""
