#!/bin/sh
# Lints every QML file of the terminal; any warning fails.
set -eu
cd "$(dirname "$0")/.."
find kiosk -name '*.qml' -print0 | xargs -0 .venv/bin/pyside6-qmllint -I kiosk/screens/qt/types -I kiosk/screens --max-warnings 0
