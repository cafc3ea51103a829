public import APISIX
import Common
public import Findings
import SourceText

extension DiscoveryConfig {
  /// The clusters that are meant, and what there is to say of the file as a whole.
  /// - Parameter id: that of `--cluster`.
  public func chosen(_ id: String?) -> (clusters: [Cluster], findings: [Finding]) {
    let refused = [refused].compactMap { $0 }
    do throws(Fault) { return (try clusters(id), refused) } catch {
      // What cannot be read, or is no registry, is why there is none.
      let isNone = if case .noKubernetes = error { true } else { verdict.yamlError != nil }
      return ([], isNone && !refused.isEmpty ? refused : refused + [error.finding])
    }
  }

  /// The configuration has no cluster to speak of.
  public struct Unusable: Error {
    public let findings: [Finding]
    public let config: DiscoveryConfig
  }

  /// The same for a command that cannot do without.
  public func needed(_ id: String?) throws(Unusable) -> [Cluster] {
    let (clusters, findings) = chosen(id)
    if clusters.isEmpty { throw Unusable(findings: findings, config: self) }
    return clusters
  }

  /// APISIX will not start with this file, unless a variable is all it lacks, or its registry in one process: that is
  /// told where it is looked at. Nor does a token count where nobody says what the environment is.
  public var refused: Finding? {
    guard let refusal = verdict.refusal, refusal.words.variable == nil,
      refusal.stage != .worker || refusal.process == .startup || refusal.process == .all
    else { return nil }
    if case .unknown = conditions.environment, lacksOnlyTokens { return nil }
    return refused(refusal)
  }

  /// The same for whatever cause.
  public var doesNotStart: Finding? { verdict.refusal.map(refused) }

  private func refused(_ refusal: Refusal) -> Finding {
    Finding(
      ConfigRules.refused,
      (refusal.process == .all ? "every worker of APISIX \(release) would fail" : "APISIX \(release) would not start")
        + ": \(refusal.words.text(in: release))", at: refusalPlace, help: refusalPlace.lint)
  }
}

extension DiscoveryConfig.Fault {
  public var finding: Finding {
    switch self {
    case .noKubernetes(let others, let place):
      Finding(
        ConfigRules.noKubernetes,
        "there is no discovery.kubernetes in this file"
          + (others.isEmpty ? "" : ", only \(others.joined(separator: ", "))"),
        at: place, help: place.lint)
    case .unknownCluster(let id, let known, let place):
      Finding(
        ConfigRules.unknownCluster, "there is no cluster \"\(id)\" in this file", at: place,
        help: known.isEmpty
          ? "it has one cluster, without an id; leave --cluster out" : "ids: \(known.joined(separator: ", "))")
    }
  }
}

extension DiscoveryConfig.Place {
  var lint: String { "gatecheck lint \(Shell.quoted(file))" }
}

extension Finding {
  convenience init(
    _ rule: Rule, severity: Severity? = nil, _ message: String, at place: DiscoveryConfig.Place? = nil,
    help: String? = nil
  ) {
    self.init(
      rule: rule, severity: severity, message: message, file: place?.file, range: place?.range, path: place?.path,
      help: help)
  }
}

/// The rules about what config.yaml says of the way to the API server.
public enum ConfigRules {
  public static let all = [refused, noKubernetes, unknownCluster, severalClusters, unsetVariable]

  public static let refused: Rule = """
    config/refused (error): APISIX would not start with this config.yaml
    Checks: That APISIX's own schema accepts the file. The message is APISIX's.
    Why: What the server answers does not matter while APISIX does not start.
    Example: port: 6443
    Fix: gatecheck lint config.yaml names the line and the cause.
    zh: 用这个 config.yaml，APISIX 无法启动
    Checks: 该文件能否通过 APISIX 自己的 schema 校验。报错内容是 APISIX 的原文。
    Why: APISIX 都启动不了，API Server 返回什么已经无关紧要。
    Fix: 用 `gatecheck lint config.yaml` 可以看到出错的行和原因。
    """

  public static let noKubernetes: Rule = """
    config/no-kubernetes (error): The config.yaml has no discovery.kubernetes
    Checks: That `discovery.kubernetes` stands in the file, at the top level, and is not empty.
    Why: Without it APISIX asks no API server, and a route with discovery_type kubernetes answers 503.
    Example: kubernetes: {}
    Fix: discovery: {kubernetes: {}}
    zh: config.yaml 里没有 discovery.kubernetes
    Checks: `discovery.kubernetes` 必须写在文件的顶层，并且不为空。
    Why: 没有它，APISIX 不会去访问任何 API Server；discovery_type 为 kubernetes 的路由返回 503。
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
    zh: 配置所需的变量没有设置
    Checks: host、port、token 和 token_file 里的每个 ${NAME} 和 ${{NAME}}，在运行 gatecheck 的环境里是否都有值。
    Why: 没有它就无法访问集群。APISIX 自己也会停下：`not found environment variable NAME` 或 `can't find \
    environment variable NAME`。
    Fix: 给出 APISIX 运行时的值：--env NAME=VALUE 或 --env-file FILE。
    """
}
