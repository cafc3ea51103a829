public import Findings

/// The rules about the kubeconfig.
public enum KubeconfigRules {
  public static let all = [invalid, execFailed]

  public static let invalid = Rule(
    id: "kubeconfig/invalid", severity: .error, summary: "The kubeconfig cannot be used",
    checks: "What kubectl checks in a kubeconfig: its YAML, the context, the cluster and user it names, their files.",
    why: "kubectl refuses it too. Nothing was asked; the command ends with status 3.",
    example: "gatecheck token verify --kubeconfig admin.conf --context nowhere",
    fix: "kubectl config get-contexts --kubeconfig FILE lists what there is.")

  public static let execFailed = Rule(
    id: "kubeconfig/exec-failed", severity: .error,
    summary: "The program that the kubeconfig gets its credential from gave none",
    checks: """
      The `exec` entry of the context's user: that its command is there, ends within --timeout with status 0, and \
      prints an ExecCredential of the version that the kubeconfig asks for.
      """,
    why: "kubectl gets no credential from it either. Nothing was asked; the command ends with status 3.",
    example: """
      exec:
        command: aws
      """,
    fix: "Run the command by hand, or give the token itself: --token-file FILE.")
}
