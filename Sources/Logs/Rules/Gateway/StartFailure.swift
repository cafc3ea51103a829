import APISIX
import Findings
import SourceText

enum StartFailure {
  static let rule: Rule = """
    log/start-failure (error, since 2.13.0): APISIX, or one of its processes, does not start
    Checks: What `apisix init` and `apisix start` print, `init_by_lua error`, `init_worker_by_lua error` and \
    `[emerg]`, where no other page is about it.
    Why: With `init_by_lua` and `[emerg]` nginx does not start; with `init_worker_by_lua` one process goes on without \
    what it should have set up: a registry that it asks has no nodes.
    Example: certificate path /nonexistent/ca.pem doesn't exist
    Fix: Mend what the line names. `gatecheck lint config.yaml` finds what is wrong with the file itself.
    zh: APISIX 或它的某个进程启动失败
    Checks: `apisix init` 和 `apisix start` 打印的内容，以及 `init_by_lua error`、`init_worker_by_lua error` 和 \
    `[emerg]`，且没有更具体的规则可以说明。
    Why: 出现 `init_by_lua` 和 `[emerg]` 时，nginx 没有启动；出现 `init_worker_by_lua` 时，某个进程会在缺少初始化的\
    情况下继续运行：它要查询的注册中心没有节点。
    Fix: 按日志所指的内容修正。`gatecheck lint config.yaml` 可以找出文件本身的问题。
    """

  static let check = LogCheck(
    rule, .certificateMissing, .etcdUnavailable, .configInvalid, .configEmpty, .configUnparsed, .configUnread,
    .mergeTypes, .entryInvalid, .bindFailed, .neverBound, .yaml, .dictUnconfigured, .dictMissing, .nacosDictMissing,
    .consulDictMissing
  ) {
    // One of these may stand in an entry about a request.
    let absent: [Sentence] = [.nacosDictMissing, .consulDictMissing]
    guard let words = $0.words, $0.tail.client == nil || absent.contains(words.root.sentence) else { return nil }
    // `12:30: ` alone is any program's.
    if words.sentence == .yaml, !$0.firstLine.has("luajit") { return nil }
    let said = $0.said(
      anyOf: [
        .certificateMissing, .bindFailed, .mergeTypes, .dictUnconfigured, .nacosDictMissing, .consulDictMissing, .yaml,
        .configInvalid,
      ])
    switch said?.sentence {
    case .certificateMissing:
      let path = shown(said?[.path] ?? "")
      return Explanation(
        rule, "APISIX does not start: the certificate \(path) is not there",
        help: "write the path of a file that is there into apisix.ssl.ssl_trusted_certificate, or take it out",
        .cause(nil),
        values: [(.path, path), (.reason, "no such file")])
    case .bindFailed:
      let address = shown(said?[.path] ?? "")
      // The process that listens at the status port says this, too; that it died is another line.
      return Explanation(
        rule, "the address \(address) cannot be listened at: \(shown(said?[.problem] ?? ""))",
        help: bindHelp(said?[.problem] ?? ""), .request(nil),
        values: [(.address, address), (.reason, shown(said?[.problem] ?? ""))])
    case .mergeTypes:
      let path = shown((said?[.path] ?? "").replacing("->", with: "."))
      return Explanation(
        rule,
        "APISIX does not start: \(path) must be a \(shown(said?[.wanted] ?? "")), and is a \(shown(said?[.got] ?? ""))",
        help: "gatecheck lint config.yaml names the line", .cause(nil), values: [(.property, path)])
    case .dictUnconfigured, .nacosDictMissing, .consulDictMissing:
      let kind: RegistryKind = said?.sentence == .consulDictMissing ? .consul : .nacos
      let name = shown(said?[.name] ?? kind.key)
      return Explanation(
        rule, "nginx.conf has no zone \(name): it was not written anew",
        help: "apisix restart, which writes nginx.conf anew; a reload does not", .cause(nil), values: [(.object, name)])
    case .yaml:
      let mark = shown(said?[.mark] ?? "")
      return Explanation(
        rule, "APISIX does not start: config.yaml is no YAML at \(mark) (line:column): \(said?.reason ?? "")",
        help: "gatecheck lint config.yaml shows the line", .cause(nil),
        values: [(.object, "config.yaml"), (.reason, "\(mark): \(said?.reason ?? "")")])
    default: break
    }
    if words.root.sentence == .neverBound {
      return Explanation(rule, "nginx gives up listening, as the lines before it say", .effect(nil))
    }
    // What is said of a value elsewhere, as of a plugin's.
    guard
      [.configUnread, .configInvalid, .configEmpty, .configUnparsed, .entryInvalid, .etcdUnavailable]
        .contains(words.sentence)
    else { return nil }
    if words.root.sentence == .etcdUnavailable {
      return Explanation(
        rule, "APISIX does not start: no etcd answers", help: "see deployment.etcd.host in config.yaml", .cause(nil))
    }
    let reason = shown(words.sentence == .configUnread ? words.reason : words.text(in: .newest))
    return Explanation(
      rule, "APISIX does not start: \(reason)", help: "gatecheck lint config.yaml says what is wrong, and where",
      .cause(nil),
      values: [(.reason, reason)])
  }

  /// What no other check knows.
  static let rest = LogCheck(rule) {
    let line = $0.firstLine
    let stages = ["init_worker_by_lua error: ", "init_by_lua error: "]
    if let stage = stages.first(where: line.has), let start = line.firstBytes(of: stage)?.upperBound {
      let isWorker = stage == stages[0]
      let error = shown($0.words?.root.text(in: .newest) ?? String(line[start...]))
      return Explanation(
        rule,
        "\(isWorker ? "a process of APISIX starts without what it should set up" : "APISIX does not start"): \(error)",
        help: "gatecheck lint config.yaml says whether the configuration brings it about", .cause(kind($0.file)),
        values: [(.reason, error)])
    }
    // Before 3.10 the reader of YAML says where it failed in its own code.
    if $0.head == nil, let start = line.firstBytes(of: "/luajit: ")?.upperBound,
      line[start...].has("/tinyyaml.lua:") || line[start...].has("apisix/cli/")
    {
      let parts = line[start...].parts(between: ": ")
      let error = shown(parts.dropFirst().joined(separator: ": "))
      return Explanation(
        rule, "APISIX does not start: \(error)", help: "gatecheck lint config.yaml says what is wrong, and where",
        .cause(nil), values: [(.reason, error)])
    }
    if $0.head?.level == .emerg || line.hasPrefix("nginx: [emerg] ") {
      let error = shown(line.hasPrefix("nginx: [emerg] ") ? line.dropFirst("nginx: [emerg] ".count) : line)
      // It goes on without the rights of a socket's file, and without reading ahead.
      let goesOn = error.hasPrefix("chmod() ") || error.hasPrefix("io_setup() ")
      return Explanation(
        rule, severity: goesOn ? .warning : nil, "nginx \(goesOn ? "starts with a fault" : "does not start"): \(error)",
        help: sizeHelp(error), .cause(nil), values: [(.reason, error)])
    }
    return nil
  }

  /// - Parameter problem: what the system says, `98: Address already in use`.
  private static func bindHelp(_ problem: String) -> String {
    if problem.has("Permission denied") {
      return "a port below 1024 is for root, or for a program with the capability net_bind_service: grant that, or "
        + "write a port above 1023 into config.yaml; SELinux may forbid other ports"
    }
    if problem.has("Cannot assign requested address") {
      return "no interface of this machine has that address: ip address shows those that it has; correct it in "
        + "config.yaml"
    }
    return "another program listens there, or an APISIX that still runs: ss -ltnp shows which; stop it, or write "
      + "another port into config.yaml"
  }

  /// Of a zone of nginx.conf: larger than the memory that there is, or of no size.
  private static func sizeHelp(_ error: String) -> String? {
    let isTooLarge = error.hasPrefix("mmap(MAP_ANON|MAP_SHARED, ")
    guard isTooLarge || error.has("lua shared dict size") else { return nil }
    return (isTooLarge ? "write less than there is memory" : "write a size such as 10m")
      + " into config.yaml: as shared_size below discovery, or below lua_shared_dict of nginx_config"
  }

  /// The registry whose code it is.
  private static func kind(_ file: String) -> RegistryKind? {
    RegistryKind.allCases.first { file.has("discovery/\($0.key)/") }
  }
}
