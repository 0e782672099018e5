"""Everything is declared in pyproject.toml; this file lets tools that look for a setup.py find the project."""

from setuptools import setup

setup()
