#!/bin/sh
# At the first start the app is taken into the library, which checks it; then it is served.
set -eu
: "${MICROAPPS_TOKEN:?Set MICROAPPS_TOKEN: it opens the list of apps.}"
if ! microapps show "{{ name }}" >/dev/null 2>&1; then
  microapps adopt "/srv/{{ name }}.ipynb" --name "{{ name }}"
fi
exec microapps serve "{{ name }}" --host 0.0.0.0 --yes --port {{ port }}
