"""The officer's back room: who may come in, what a technician sees there, and how the machine changes hands.

Tasks are procedures of kiosk.maintenance; what is here signs people in, shows the overview and carries steps out.
"""
