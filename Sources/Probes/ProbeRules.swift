public import Findings

/// The rules of commands that connect.
public enum ProbeRules {
  public static let all: [Rule] =
    AccessRules.all + ConnectRules.all + TLSRules.all + ServerRules.all + TokenVerifyRules.all + RBACRules.all
    + TokenCreateRules.all
}
