"""How this machine is known to headquarters: its keys, its certificate, how it gets both and keeps them young.

The room knows settings, the line and the protocol. `keys` has the keys in files, `module` the one that cannot be
copied; `enrolling` asks for certificates; `renewing` runs beside the terminal; `identity` puts them together from
settings and is where everybody else begins.
"""
