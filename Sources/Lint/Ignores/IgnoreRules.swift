public import Findings

/// The rules about ignore comments.
public enum IgnoreRules {
  public static let all = [unused, malformed, unknownRule]

  public static let unused = Rule(
    id: "ignore/unused", severity: .warning, summary: "An ignore comment ignores nothing",
    checks:
      "That every rule named in a `# gatecheck: ignore[...]` comment has a finding on that line, or anywhere in the "
      + "file for `ignore-file`.",
    why:
      "What it was written for is mended or has moved, and the comment would hide the next mistake of the same kind.",
    example: """
      discovery:
        kubernetes:
          service:
            port: "6443"  # gatecheck: ignore[kubernetes/port-not-string]
      """,
    fix: "Remove the comment, or the one rule in it. --fix does.")

  public static let malformed = Rule(
    id: "ignore/malformed", severity: .warning, summary: "A comment for gatecheck cannot be read",
    checks:
      "Comments that start with `gatecheck:`. They are `# gatecheck: ignore[RULE, ...] reason`, on the line or above "
      + "it, and `# gatecheck: ignore-file[RULE, ...] reason` above the first value of a file. A rule is an id, "
      + "`token/expired`, or an area with its slash, `token/`.",
    why: "It ignores nothing, and its author believes that it does.",
    example: "# gatecheck: ignore token/inline",
    fix: "Name the rules in brackets: `# gatecheck: ignore[token/inline] used on a laptop only`.")

  public static let unknownRule = Rule(
    id: "ignore/unknown-rule", severity: .warning, summary: "An ignore comment names a rule that does not exist",
    checks: "That every rule and area named in a `# gatecheck: ignore[...]` comment is one of gatecheck's.",
    why: "A mistyped rule ignores nothing.",
    example: "# gatecheck: ignore[token/inlin]", fix: "Correct the name; `gatecheck rules` lists them all.")
}
