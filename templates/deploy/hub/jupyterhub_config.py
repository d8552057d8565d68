# {{ title }} as a service of JupyterHub: put these lines into the Hub's own jupyterhub_config.py.
#
# The Hub starts the site, proxies /services/{{ name }}/ to it, and starts it again when it ends. It does not ask
# visitors to log in to the Hub: as everywhere, the site's links and its token decide who may open an app.
import os

c = get_config()  # noqa: F821

c.JupyterHub.services = [
    *c.JupyterHub.get("services", []),
    {
        "name": "{{ name }}",
        "url": "http://127.0.0.1:{{ port }}",
        "command": ["sh", "{{ folder }}/start.sh"],
        # At its first start the app is checked before it is served. A Hub ends itself when a service is not there in
        # time, and without this it waits for 30 seconds. (A Hub before 6.0 has no such setting: leave the line out, and
        # start start.sh by hand once before the Hub.)
        "timeout": 600,
        "environment": {
            "MICROAPPS_HOME": "{{ folder }}/library",
            "MICROAPPS_TOKEN": os.environ["MICROAPPS_TOKEN"],
        },
    },
]
