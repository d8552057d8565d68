#!/bin/sh
# At the first start the app is taken into the library, which checks it; then it is served under the Hub's address.
set -eu
: "${MICROAPPS_TOKEN:?Set MICROAPPS_TOKEN: it opens the list of apps.}"
if ! microapps show "{{ name }}" >/dev/null 2>&1; then
  microapps adopt "{{ folder }}/{{ name }}.ipynb" --name "{{ name }}"
fi
exec microapps serve "{{ name }}" --host 127.0.0.1 --port {{ port }} \
  --base-url "${JUPYTERHUB_SERVICE_PREFIX:-/services/{{ name }}/}"
