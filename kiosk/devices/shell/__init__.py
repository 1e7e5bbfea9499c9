"""What can be asked of each device class from a shell; `kiosk.devices.cli` reads the command line."""
