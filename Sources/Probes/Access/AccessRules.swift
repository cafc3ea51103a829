public import Findings

/// The rules about what the command line, config.yaml and kubeconfig say of the way to the API server.
public enum AccessRules {
  public static let all = [
    refused, noKubernetes, unknownCluster, severalClusters, unsetVariable, noServer, invalidServer, kubeconfig,
    execPlugin,
  ]

  public static let refused = Rule(
    id: "config/refused", severity: .error,
    summary: "APISIX would not start with this config.yaml",
    checks: "That APISIX's own schema accepts the file. The message is APISIX's.",
    why: "What the server answers does not matter while APISIX does not start.",
    example: """
      port: 6443
      """,
    fix: "gatecheck lint config.yaml names the line and the cause.")

  public static let noKubernetes = Rule(
    id: "config/no-kubernetes", severity: .error,
    summary: "The config.yaml has no discovery.kubernetes",
    checks: "That `discovery.kubernetes` stands in the file, at the top level, and is not empty.",
    why: "Without it APISIX asks no API server, and a route with discovery_type kubernetes answers 503.",
    example: """
      apisix:
        discovery:
          kubernetes: {}
      """,
    fix: """
      discovery:
        kubernetes: {}
      """)

  public static let unknownCluster = Rule(
    id: "config/unknown-cluster", severity: .error,
    summary: "No cluster of the configuration has this id",
    checks: "That --cluster names an `id` of the list `discovery.kubernetes`.",
    why: "Nothing was asked.",
    example: "gatecheck token verify --config config.yaml --cluster staging",
    fix: "Take one of the ids in config.yaml, or leave --cluster out to ask all of them.")

  public static let severalClusters = Rule(
    id: "config/several-clusters", severity: .error,
    summary: "A flag fits one cluster, and the configuration has several",
    checks: "That --server and --token-file are given with --cluster where there are several clusters.",
    why: "One token or address for all clusters would send the token of one to another.",
    example: "gatecheck token verify --config config.yaml --token-file token",
    fix: "gatecheck token verify --config config.yaml --cluster ID --token-file token")

  public static let unsetVariable = Rule(
    id: "config/unset-variable", severity: .error,
    summary: "A variable that the configuration needs is not set",
    checks: "That each ${NAME} and ${{NAME}} of host, port, token and token_file is set where gatecheck runs.",
    why: """
      The cluster cannot be asked without it. APISIX itself stops: `not found environment variable NAME`, or `can't \
      find environment variable NAME`.
      """,
    example: """
      host: ${KUBERNETES_SERVICE_HOST}
      """,
    fix: "Give what APISIX will have: --env NAME=VALUE or --env-file FILE.")

  public static let noServer = Rule(
    id: "connect/no-server", severity: .error,
    summary: "Nothing says which API server to ask",
    checks: "That there is a --server, a --config, a kubeconfig or a cluster around the process.",
    why: "Nothing was asked. The command ends with status 3.",
    example: "gatecheck token verify --token-file token",
    fix: "gatecheck token verify --config config.yaml, or --server https://HOST:6443")

  public static let invalidServer = Rule(
    id: "connect/invalid-server", severity: .error,
    summary: "The server is no address of an API server",
    checks: "That the server is https://HOST:PORT, without a user, a query or blanks in it.",
    why: "Nothing was asked. The command ends with status 3.",
    example: "--server 10.0.0.1:6443/?watch",
    fix: "--server https://10.0.0.1:6443")

  public static let kubeconfig = Rule(
    id: "kubeconfig/invalid", severity: .error,
    summary: "The kubeconfig cannot be used",
    checks: "What kubectl checks in a kubeconfig: its YAML, the context, the cluster and user it names, their files.",
    why: "kubectl refuses it too. Nothing was asked; the command ends with status 3.",
    example: "gatecheck token verify --kubeconfig admin.conf --context nowhere",
    fix: "kubectl config get-contexts --kubeconfig FILE lists what there is.")

  public static let execPlugin = Rule(
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
