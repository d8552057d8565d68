"""Benchmarks: they measure and hold nothing but that nothing is lost and nothing stays behind.

``python -m tests.benchmarks.pages``
    published pages beside their peers in a real Chromium, and the gallery's home (peers are installed beside it)
``python -m tests.benchmarks.crowd``
    two hundred visitors at once
``python -m tests.benchmarks.churn``
    visitors who come and go for an hour
``python -m tests.benchmarks.visitors``
    visitors against warm kernels, without a site
``python -m tests.benchmarks.kernel_start``, ``python -m tests.benchmarks.check_report``
    kernels, and the checks
``python -m tests.benchmarks.limits``
    bombs, and how long after their limit they end
"""
