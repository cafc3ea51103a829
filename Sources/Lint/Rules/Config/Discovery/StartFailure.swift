import APISIX
public import Findings
import SourceText
import YAML

public enum StartFailure {
  public static let rule: Rule = """
    discovery/start-failure (error, since 2.13.0): The registry fails while APISIX starts
    Checks: What the registry does when nginx starts its processes, as far as variables and files are known: --env, \
    --env-file, --env-from-process and --root tell them.
    Why: `apisix init` has no say in this. For kubernetes and consul the gateway runs, but every one of their services \
    stays without nodes and answers 503; other failures stop nginx or a worker.
    Example:
    discovery:
      consul:
        servers: ["https://127.0.0.1:8500"]
    Fix: discovery:
      consul:
        servers: ["http://127.0.0.1:8500"]
    """

  /// What the verdict says and no rule has named. Nothing that stops APISIX goes without a finding.
  static func check(_ context: ConfigContext, after findings: [Finding]) -> Finding? {
    let file = context.file
    guard let refusal = context.verdict.refusal, let message = context.verdict.message else { return nil }
    let words = refusal.words
    if words.sentence == .mergeTypes {
      let node = refusal.node
      let help = node.flatMap { shellDefault($0, file) }
      // Said of the text itself, where the shell's way is the slip.
      if let node, let help {
        return file.finding(
          rule, "APISIX does not start: \(message)", range: file.tree[node].range,
          path: words[.path]?.replacing("->", with: "."), help: help)
      }
      return file.finding(
        rule, "APISIX does not start: \(message)", at: node ?? file.root,
        path: words[.path]?.replacing("->", with: "."),
        help: mergeHelp(words[.wanted]),
        fix: node.flatMap { words[.wanted] == "string" ? Field(file: file, id: $0, trail: .top).inQuotes : nil })
    }
    guard !findings.contains(where: { $0.severity == .error }) else { return nil }
    if let node = refusal.node, file.isOpen(node) { return nil }
    let settings = context.leaves + context.registries
    let setting = settings.first { refusal.node != nil && [$0.node, $0.keyNode].contains(refusal.node) }
    return file.finding(
      rule, "\(consequence(refusal)): \(message)",
      at: setting?.keyNode ?? refusal.node ?? context.registries.first?.keyNode ?? file.root,
      path: (setting ?? (refusal.node == nil ? context.registries.first : nil))?.path, help: help(words.root))
  }

  private static func mergeHelp(_ wanted: String?) -> String {
    switch wanted {
    case "table": "write a list or a map here, as APISIX's own default is"
    case "string": "quote it"
    case "number": "write a number without quotes"
    case "boolean": "write true or false without quotes"
    default: "write it as APISIX's own default is"
    }
  }

  /// `${NAME:-VALUE}` is the shell's way.
  private static func shellDefault(_ node: Tree.ID, _ file: LintFile) -> String? {
    guard case .scalar(let text, _) = file.tree[node].content, text.hasPrefix("${"), text.hasSuffix("}") else {
      return nil
    }
    return ShellDefault(String(text.dropFirst(2).dropLast()))?.help()
  }

  private static func consequence(_ refusal: Refusal) -> String {
    switch (refusal.stage, refusal.process) {
    case (.worker, .startup): "nginx does not start"
    case (.worker, .all): "every worker fails while it starts"
    case (.worker, .firstWorker): "the registry fails in one worker and fetches nothing"
    case (.worker, _): "the registry fails while it starts; its services answer 503"
    default: "APISIX does not start"
    }
  }

  private static func help(_ words: Words) -> String? {
    switch words.sentence {
    case .tokenEmpty: "give a token, or a token_file that is not empty where APISIX runs"
    case .portInvalid:
      "the variable must hold a port alone; ${KUBERNETES_PORT} is tcp://…, use ${KUBERNETES_SERVICE_PORT}"
    case .entryInvalid: "remove the line break or tab from the variable's name"
    case .hostEmpty: "the variable is empty; set it where APISIX starts"
    case .onlyHTTP, .addressInvalid: addressHelp
    case .badArgument where words[.function] == "unpack":
      addressHelp
    default: nil
    }
  }

  private static let addressHelp = "write each server as http://host:port: no https, no path, no slash at the end"
}
