"""The micro-app format: a notebook with roles, one metadata key, permissions and acceptance criteria.

Values here are frozen and know no kernel; reading and writing files is in :mod:`microapps.notebook.files`.
"""

from .cells import SKIP_EXECUTION, Cell, MicroApp, Role
from .compose import compose
from .files import Stored, dumps, from_node, loads, read, to_node, write
from .metadata import SCHEMA_VERSION, AppMetadata, Criterion, Provenance, slug
from .permissions import FileAccess, Host, Permissions

__all__ = [
    "SCHEMA_VERSION",
    "SKIP_EXECUTION",
    "AppMetadata",
    "Cell",
    "Criterion",
    "FileAccess",
    "Host",
    "MicroApp",
    "Permissions",
    "Provenance",
    "Role",
    "Stored",
    "compose",
    "dumps",
    "from_node",
    "loads",
    "read",
    "slug",
    "to_node",
    "write",
]
