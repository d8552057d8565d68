"""The micro-app format: a notebook with roles, one metadata key, permissions and acceptance criteria.

Values here are frozen and know no kernel; reading and writing files is in :mod:`microapps.notebook.files`.
"""

from .adoption import adopt
from .cells import RAISES_EXCEPTION, SKIP_EXECUTION, Cell, MicroApp, Role
from .compose import compose
from .difference import AppDifference, CellChange, CriterionChange, FieldChange, difference
from .files import Stored, dumps, from_node, loads, read, to_node, write
from .formatting import formatted
from .metadata import SCHEMA_VERSION, Ancestor, AppMetadata, Criterion, Provenance, slug
from .packages import package_of, remedy, remedy_of
from .permissions import FileAccess, Host, Permissions
from .pictures import Pictures, pictures_shown, with_pictures
from .reach import Item, Origin, Reach, ReachKind, proposed_permissions, reach
from .validation import Problem, problems

__all__ = [
    "RAISES_EXCEPTION",
    "SCHEMA_VERSION",
    "SKIP_EXECUTION",
    "Ancestor",
    "AppDifference",
    "AppMetadata",
    "Cell",
    "CellChange",
    "Criterion",
    "CriterionChange",
    "FieldChange",
    "FileAccess",
    "Host",
    "Item",
    "MicroApp",
    "Origin",
    "Permissions",
    "Pictures",
    "Problem",
    "Provenance",
    "Reach",
    "ReachKind",
    "Role",
    "Stored",
    "adopt",
    "compose",
    "difference",
    "dumps",
    "formatted",
    "from_node",
    "loads",
    "package_of",
    "pictures_shown",
    "problems",
    "proposed_permissions",
    "reach",
    "read",
    "remedy",
    "remedy_of",
    "slug",
    "to_node",
    "with_pictures",
    "write",
]
