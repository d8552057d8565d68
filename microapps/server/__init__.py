"""The studio in a Jupyter server: an extension of thin handlers over :mod:`microapps.studio`.

``routes`` is the table of everything it answers, ``models`` what goes in and out, ``application`` the extension.
"""
