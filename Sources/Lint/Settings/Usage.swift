public import Findings

/// The rules about how gatecheck itself is called and set up; they end with status 2.
public enum Usage {
  static let rules = [settings, arguments]

  public static let arguments: Rule = """
    usage/arguments (error): A flag has a value that gatecheck cannot use
    Checks: That every rule named with --select and --ignore exists, and that --apisix-version is a release it knows.
    Why: A rule that does not exist would hide or show nothing, without a word. The command ends with status 2.
    Example: gatecheck lint --ignore token/expird config.yaml
    Fix: Correct the value; `gatecheck rules` lists all rules.
    """

  public static let settings: Rule = """
    usage/settings (error): A .gatecheck.yaml says something gatecheck does not know
    Checks: The keys of .gatecheck.yaml, the types of their values, and that every rule it names exists.
    Why: A setting that is not understood would silently not hold: findings come back, or a file is not checked. The \
    command ends with status 2 before it checks anything.
    Example:
    # .gatecheck.yaml
    apisix-verison: 3.2
    Fix: Correct the key or the value at the place named. `gatecheck config init` prints a file with every key \
    explained.
    """
}
