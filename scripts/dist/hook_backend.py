"""Builds what pre-commit installs from this repository: nothing but a need of the wheel of the same version (see pyproject.toml).
It stands in for setuptools, which would have the version written twice."""
import wheelfile


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    release = wheelfile.version()
    needs = f"Requires-Dist: {wheelfile.NAME}=={release}\n"
    return wheelfile.write(wheel_directory, "gatecheck-hook", release, "py3-none-any", needs, {})
