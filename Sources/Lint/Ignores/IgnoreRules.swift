public import Findings

/// The rules about ignore comments.
public enum IgnoreRules {
  public static let all = [unused, malformed, unknownRule]

  public static let unused: Rule = """
    ignore/unused (warning): An ignore comment ignores nothing
    Checks: That every rule named in a `# gatecheck: ignore[...]` comment has a finding on that line, or anywhere in \
    the file for `ignore-file`.
    Why: What it was written for is fixed or has moved, and the comment would hide the next mistake of the same kind.
    Example:
    discovery:
      kubernetes:
        service:
          port: "6443"  # gatecheck: ignore[kubernetes/port-not-string]
    Fix: Remove the comment, or the one rule in it. --fix does.
    """

  public static let malformed: Rule = """
    ignore/malformed (warning): A comment for gatecheck cannot be read
    Checks: Comments that start with `gatecheck:`. They are `# gatecheck: ignore[RULE, ...] reason`, on the line or \
    above it, and `# gatecheck: ignore-file[RULE, ...] reason` above the first value of a file. A rule is an id, \
    `token/expired`, or an area with its slash, `token/`.
    Why: It ignores nothing, and its author believes that it does.
    Example: # gatecheck: ignore token/inline
    Fix: Name the rules in brackets: `# gatecheck: ignore[token/inline] used on a laptop only`.
    """

  public static let unknownRule: Rule = """
    ignore/unknown-rule (warning): An ignore comment names a rule that does not exist
    Checks: That every rule and area named in a `# gatecheck: ignore[...]` comment is one of gatecheck's.
    Why: A mistyped rule ignores nothing.
    Example: # gatecheck: ignore[token/inlin]
    Fix: Correct the name; `gatecheck rules` lists them all.
    """
}
