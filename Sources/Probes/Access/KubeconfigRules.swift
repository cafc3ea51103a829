public import Findings

/// The rules about the kubeconfig.
public enum KubeconfigRules {
  public static let all = [invalid, execFailed]

  public static let invalid: Rule = """
    kubeconfig/invalid (error): The kubeconfig cannot be used
    Checks: What kubectl checks in a kubeconfig: its YAML, the context, the cluster and user it names, their files.
    Why: kubectl refuses it too. Nothing was asked; the command ends with status 3.
    Example: gatecheck token verify --kubeconfig admin.conf --context nowhere
    Fix: kubectl config get-contexts --kubeconfig FILE lists what there is.
    """

  public static let execFailed: Rule = """
    kubeconfig/exec-failed (error): The program that the kubeconfig gets its credential from gave none
    Checks: The `exec` entry of the context's user: that its command is there, ends within --timeout with status 0, \
    and prints an ExecCredential of the version that the kubeconfig asks for.
    Why: kubectl gets no credential from it either. Nothing was asked; the command ends with status 3.
    Example:
    exec:
      command: aws
    Fix: Run the command by hand, or give the token itself: --token-file FILE.
    """
}
