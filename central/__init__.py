"""Headquarters: the central server that terminals ring.

Endpoints in `api` are shells around `handle.Headquarters`, whose plain functions in `desks` decide and write.
`agencies` are the authorities behind headquarters, each with a sandbox. Imports kiosk.protocol and kiosk.people
only: it must not know flows, pages or devices.
"""
