import APISIX
public import Findings
import YAML

public enum StartFailure {
  public static let rule = Rule(
    id: "discovery/start-failure", severity: .error,
    summary: "The registry fails while APISIX starts",
    checks: """
      What the registry does when nginx starts its processes, as far as variables and files are known: --env, \
      --env-file, --env-from-process and --root tell them.
      """,
    why: """
      `apisix init` has no say in this. For kubernetes and consul the gateway runs, but every one of their services \
      stays without nodes and answers 503; other failures stop nginx or a worker.
      """,
    example: """
      discovery:
        consul:
          servers: ["https://127.0.0.1:8500"]
      """,
    fix: """
      discovery:
        consul:
          servers: ["http://127.0.0.1:8500"]
      """,
    since: "2.13.0")

  static let startLog = Rule(
    id: "discovery/start-log", severity: .warning,
    summary: "APISIX starts, and logs an error while it does",
    checks: """
      What the registries log at level error when nginx starts its processes, as far as variables and files are known.
      """,
    why: """
      The gateway runs, and something in the registry does not work. With a `token_file` whose variable is not set every \
      fetch of the kubernetes registry fails later: `attempt to concatenate field 'token' (a nil value)`.
      """,
    example: "token_file: ${KUBERNETES_CLIENT_TOKEN_FILE}",
    fix: "token_file: /var/run/secrets/kubernetes.io/serviceaccount/token",
    since: "2.13.0")

  static let variableMissing = Rule(
    id: "placeholder/missing", severity: .error,
    summary: "A variable is not set",
    checks: "That every `${{NAME}}` without a default, and every `${NAME}` that the registry reads, is set.",
    why: """
      APISIX does not start: `can't find environment variable NAME`. For `${NAME}` the registry fails alone: \
      `not found environment variable NAME`.
      """,
    example: "host: \"${{KUBE_HOST}}\"",
    fix: """
      Set the variable where APISIX starts, or give a default:
        host: "${{KUBE_HOST:=kubernetes.default.svc}}"
      """,
    since: "2.13.0")

  static let openVariable = Rule(
    id: "placeholder/unknown", severity: .note,
    summary: "The answer hangs on a variable that gatecheck does not know",
    checks: "Whether the verdict depends on a `${{NAME}}` without a default.",
    why: """
      APISIX fills it in when it starts, and a value that looks like a number becomes one. Without its value nobody can \
      tell whether the schema accepts the result.
      """,
    example: "default_weight: \"${{WEIGHT}}\"",
    fix: "Give the environment in which APISIX will start: gatecheck lint --env WEIGHT=50, or --env-file .env",
    since: "2.13.0")

  static let rules = [rule, startLog, variableMissing, openVariable]

  /// What the verdict says and no rule has named. Nothing that stops APISIX goes without a finding.
  static func check(_ context: ConfigContext, after findings: [Finding]) -> [Finding] {
    let file = context.file
    let verdict = context.verdict
    if verdict.accepts == nil, verdict.yamlError == nil {
      return verdict.open.filter { $0.syntax == .loader }.map { variable in
        file.finding(
          openVariable, "whether APISIX accepts this hangs on the variable \(variable.name)",
          at: variable.node ?? file.root, help: "tell its value: --env \(variable.name)=VALUE")
      }
    }
    if verdict.accepts == true { return logged(context) }
    guard verdict.accepts == false, let message = verdict.message else { return [] }
    if let place = mergePlace(message, in: file) {
      return [
        file.finding(
          rule, "APISIX does not start: \(message)", at: place.node, path: place.path,
          help: shellDefault(place.node, file) ?? mergeHelp(message),
          fix: mergeFix(message, place.node, file))
      ]
    }
    if let name = missingVariable(message) {
      let node = node(naming: name, in: file)
      return [
        file.finding(
          variableMissing, "the variable \(name) is not set; APISIX says: \(message)", at: node ?? file.root,
          help: "set \(name) where APISIX starts, or give a default: ${{\(name):=VALUE}}")
      ]
    }
    guard !findings.contains(where: { $0.severity == .error }) else { return [] }
    let registry = context.registries.first { message.contains("discovery \($0.key) ") } ?? context.registries.first
    let setting = culprit(message, in: context) ?? registry
    let node = setting?.keyNode ?? setting?.node ?? file.root
    return [
      file.finding(
        rule, "\(consequence(verdict)): \(message)", at: node, path: setting?.path,
        help: help(message))
    ]
  }

  /// The setting of the kubernetes registry that a message of its start speaks of.
  private static func culprit(_ message: String, in context: ConfigContext) -> Setting? {
    guard let kubernetes = context["kubernetes"] else { return nil }
    let clusters = kubernetes.items ?? [kubernetes]
    let places = [
      ("invalid port value", ["service", "port"]), ("service.host", ["service", "host"]),
      ("apiserver.token", ["client", "token"]), ("apiserver.token", ["client", "token_file"]),
    ]
    let place = places.lazy.compactMap { text, keys in
      message.contains(text) && clusters.count == 1 ? clusters[0][keys] : nil
    }.first
    if place != nil || !message.contains("control characters") { return place }
    return clusters.flatMap(\.leaves).first { $0.string.map(NginxEnvironment.isRefused) ?? false }
  }

  /// What an accepted file has APISIX log.
  private static func logged(_ context: ConfigContext) -> [Finding] {
    context.verdict.log.compactMap { line in
      guard line.hasPrefix("error: ") else { return nil }
      let message = String(line.dropFirst(7))
      let name = missingVariable(message)
      let node = name.flatMap { self.node(naming: $0, in: context.file) }
      return context.file.finding(
        startLog, "APISIX starts, and logs: \(message)", at: node ?? context.registries.first?.keyNode,
        help: name.map { "set \($0) where APISIX starts, or write the path itself" })
    }
  }

  /// Where the file has another form than APISIX's defaults, out of `failed to merge, path[apisix->node_listen]`.
  private static func mergePlace(
    _ message: String, in file: LintFile
  ) -> (node: Tree.ID, path: String)? {
    guard let start = message.range(of: "failed to merge, path["), let end = message.range(of: "] expect:"),
      start.upperBound <= end.lowerBound, var node = file.root
    else { return nil }
    var keys: [String] = []
    var rest = message[start.upperBound..<end.lowerBound]
    while !rest.isEmpty {
      let arrow = rest.range(of: "->")
      keys.append(String(rest[..<(arrow?.lowerBound ?? rest.endIndex)]))
      rest = arrow.map { rest[$0.upperBound...] } ?? ""
    }
    for key in keys {
      guard let value = file.tree.value(key, in: node) else { return nil }
      node = value
    }
    return (node, keys.joined(separator: "."))
  }

  /// What APISIX's own defaults have there.
  private static func wanted(_ message: String) -> Substring {
    guard let start = message.range(of: "expect: ") else { return "" }
    return message[start.upperBound...].prefix { $0 != "," }
  }

  private static func mergeHelp(_ message: String) -> String {
    switch wanted(message) {
    case "table": "write a list or a map here, as APISIX's own default is"
    case "string": "quote it"
    case "number": "write a number without quotes"
    case "boolean": "write true or false without quotes"
    default: "write it as APISIX's own default is"
    }
  }

  /// `${NAME:-VALUE}` is the shell's way.
  private static func shellDefault(_ node: Tree.ID, _ file: LintFile) -> String? {
    guard case .scalar(let text, _) = file.tree[node].content, text.hasPrefix("${"), text.hasSuffix("}"),
      let mark = text.range(of: ":-")
    else { return nil }
    return "APISIX writes it ${{\(text[..<mark.lowerBound].dropFirst(2)):=\(text[mark.upperBound...].dropLast())}}"
  }

  private static func mergeFix(_ message: String, _ node: Tree.ID, _ file: LintFile) -> Fix? {
    guard wanted(message) == "string", case .scalar(let text, .plain) = file.tree[node].content, !text.isEmpty else {
      return nil
    }
    return file.replace(node, with: "\"\(text)\"")
  }

  private static func consequence(_ verdict: Verdict) -> String {
    switch (verdict.stage, verdict.process) {
    case (.worker, .startup): "nginx does not start"
    case (.worker, .all): "every worker fails while it starts"
    case (.worker, .firstWorker): "the registry fails in one worker and fetches nothing"
    case (.worker, _): "the registry fails while it starts; its services answer 503"
    default: "APISIX does not start"
    }
  }

  private static func missingVariable(_ message: String) -> String? {
    for front in ["can't find environment variable ", "not found environment variable "] {
      if let found = message.range(of: front) { return String(message[found.upperBound...]) }
    }
    return nil
  }

  private static func node(naming name: String, in file: LintFile) -> Int? {
    for id in file.tree.ids {
      if case .scalar(let text, _) = file.tree[id].content, text.contains("{\(name)") { return id }
    }
    return nil
  }

  private static func help(_ message: String) -> String? {
    if message.contains("apiserver.token") {
      return "give a token, or a token_file that is not empty where APISIX runs"
    }
    if message.contains("invalid port value") {
      return "the variable must hold a port alone; ${KUBERNETES_PORT} is tcp://…, use ${KUBERNETES_SERVICE_PORT}"
    }
    if message.contains("control characters") { return "take the line break or tab out of the variable's name" }
    if message.contains("service.host should") { return "the variable is empty; set it where APISIX starts" }
    if message.contains("consul") || message.contains("unpack") {
      return "write each server as http://host:port: no https, no path, no slash at the end"
    }
    return nil
  }
}
