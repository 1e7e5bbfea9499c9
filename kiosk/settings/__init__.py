"""What a station can decide without a programmer: config/*.toml, merged, validated as a whole, frozen.

In force = packaged defaults < screen < profile < station file < overlay for simulation. This room knows nothing of
ours: names of services, devices and papers are the words of the files, which the rooms concerned check against their
own.
"""

from kiosk.settings.loading import SettingsError, load_settings
from kiosk.settings.model import Settings

__all__ = ["Settings", "SettingsError", "load_settings"]
