"""The package of a stage, ready for ``aws cloudformation package``: template, code of the functions, layers.

``make package STAGE=dev`` builds it under the Python that Lambda has (``infra.interpreter``) from the tracked files
alone, into ``build/<stage>/``. Built twice from the same commit, every byte is the same.
"""
