"""Minh Châu, the fictional province of the demo: its files, money, sessions, tasks and officials by function."""
