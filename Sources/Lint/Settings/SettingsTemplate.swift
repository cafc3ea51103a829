extension Settings {
  /// What `gatecheck config init` writes: every key, explained, none set.
  public static let template = """
    # Settings of gatecheck for this directory and all below it. The nearest .gatecheck.yaml above a file counts.
    # Path patterns are written as in .gitignore and meant from this file's directory.

    # Judge as this release of APISIX does. Without it: the newest that gatecheck knows.
    # apisix-version: 3.2

    # From which severity on findings fail the command: error, warning or note.
    # fail-on: error

    # Rules, or whole areas, whose findings do not count anywhere. `gatecheck rules` lists them.
    # ignore:
    #   - token/inline
    #   - rbac/

    # The same for some files only.
    # ignores:
    #   - paths: [test/**, "*.example.yaml"]
    #     rules: [token/]

    # What is checked in directories: only these files, without those. A file that is named itself is always checked.
    # paths: [deploy/]
    # exclude: [deploy/generated/]

    # Registry modules of your own: the keys that they have under `discovery`.
    # registries: [my_registry]

    """
}
