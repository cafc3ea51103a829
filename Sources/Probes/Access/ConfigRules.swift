public import Findings

/// The rules about what config.yaml says of the way to the API server.
public enum ConfigRules {
  public static let all = [refused, noKubernetes, unknownCluster, severalClusters, unsetVariable]

  public static let refused: Rule = """
    config/refused (error): APISIX would not start with this config.yaml
    Checks: That APISIX's own schema accepts the file. The message is APISIX's.
    Why: What the server answers does not matter while APISIX does not start.
    Example: port: 6443
    Fix: gatecheck lint config.yaml names the line and the cause.
    """

  public static let noKubernetes: Rule = """
    config/no-kubernetes (error): The config.yaml has no discovery.kubernetes
    Checks: That `discovery.kubernetes` stands in the file, at the top level, and is not empty.
    Why: Without it APISIX asks no API server, and a route with discovery_type kubernetes answers 503.
    Example:
    apisix:
      discovery:
        kubernetes: {}
    Fix: discovery:
      kubernetes: {}
    """

  public static let unknownCluster: Rule = """
    config/unknown-cluster (error): No cluster of the configuration has this id
    Checks: That --cluster names an `id` of the list `discovery.kubernetes`.
    Why: Nothing was asked.
    Example: gatecheck token verify --config config.yaml --cluster staging
    Fix: Take one of the ids in config.yaml, or leave --cluster out to ask all of them.
    """

  public static let severalClusters: Rule = """
    config/several-clusters (error): A flag fits one cluster, and the configuration has several
    Checks: That --server and --token-file are given with --cluster where there are several clusters.
    Why: One token or address for all clusters would send the token of one to another.
    Example: gatecheck token verify --config config.yaml --token-file token
    Fix: gatecheck token verify --config config.yaml --cluster ID --token-file token
    """

  public static let unsetVariable: Rule = """
    config/unset-variable (error): A variable that the configuration needs is not set
    Checks: That each ${NAME} and ${{NAME}} of host, port, token and token_file is set where gatecheck runs.
    Why: The cluster cannot be asked without it. APISIX itself stops: `not found environment variable NAME`, or `can't \
    find environment variable NAME`.
    Example: host: ${KUBERNETES_SERVICE_HOST}
    Fix: Give what APISIX will have: --env NAME=VALUE or --env-file FILE.
    """
}
