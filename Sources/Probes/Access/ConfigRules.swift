public import Findings

/// The rules about what config.yaml says of the way to the API server.
public enum ConfigRules {
  public static let all = [refused, noKubernetes, unknownCluster, severalClusters, unsetVariable]

  public static let refused = Rule(
    id: "config/refused", severity: .error, summary: "APISIX would not start with this config.yaml",
    checks: "That APISIX's own schema accepts the file. The message is APISIX's.",
    why: "What the server answers does not matter while APISIX does not start.",
    example: "port: 6443", fix: "gatecheck lint config.yaml names the line and the cause.")

  public static let noKubernetes = Rule(
    id: "config/no-kubernetes", severity: .error, summary: "The config.yaml has no discovery.kubernetes",
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
    id: "config/unknown-cluster", severity: .error, summary: "No cluster of the configuration has this id",
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
    id: "config/unset-variable", severity: .error, summary: "A variable that the configuration needs is not set",
    checks: "That each ${NAME} and ${{NAME}} of host, port, token and token_file is set where gatecheck runs.",
    why: """
      The cluster cannot be asked without it. APISIX itself stops: `not found environment variable NAME`, or `can't \
      find environment variable NAME`.
      """,
    example: "host: ${KUBERNETES_SERVICE_HOST}",
    fix: "Give what APISIX will have: --env NAME=VALUE or --env-file FILE.")
}
