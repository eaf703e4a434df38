"""The tests mirror the tree: models/rules/stalled.py is tested in tests/models/rules/test_stalled.py.

No other folder here needs an __init__.py: pytest names test modules by their path (--import-mode=importlib).
"""
