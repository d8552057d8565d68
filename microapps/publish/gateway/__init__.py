"""Kernels on a Jupyter Kernel Gateway or Enterprise Gateway, in place of confined ones on this machine.

What is said over HTTP is said by ``jupyter_server``'s own gateway client, whose settings hold. The site keeps one
WebSocket with each kernel (:mod:`.line`), by which the notebook is run, the page speaks to its widgets, and the end of
the kernel is noticed. What contains such a kernel is the gateway's affair; :mod:`.fitness` says which apps cannot run
there at all.
"""

__all__: list[str] = []
