import Common
public import Findings

/// Every rule of lint.
public enum LintRules {
  public static let all: [Rule] =
    ConfigRules.rules + ResourceRules.rules + TokenRules.all + InputRules.all + IgnoreRules.all + Usage.rules
    + UpgradeRules.all
}
