"""What runs inside the containment: the warm parent, the birth of a kernel, and the kernel itself.

Everything here but the last step uses the standard library alone: it has to work before ipykernel is
imported, and nothing of the harness (no settings, no library, no keys) is to be found in this process.
"""

PROXY_PORT = 3128
"""Where, on a contained loopback interface, the way out to granted hosts listens."""

__all__ = ["PROXY_PORT"]
