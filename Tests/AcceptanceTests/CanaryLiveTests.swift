import Findings
import Foundation
import TestSupport
import Testing

/// No piece of a token comes out of a command that connects, whatever the server does with it: it is a stub that sends
/// back what it was sent, whole, in part and in base64, in every place of an answer.
@Suite struct CanaryLiveTests {
  enum Echo: String, CaseIterable, Sendable {
    case message, user, base64, middle, redirect, warning, page, identity, version, kind, failure, object
  }

  private static let canary = CanaryTests.jwt

  private static func status(_ code: Int, _ message: String, reason: String = "Unauthorized") -> StubServer.Answer {
    StubServer.Answer(
      status: code, body: #"{"kind":"Status","message":"\#(message)","reason":"\#(reason)","code":\#(code)}"#)
  }

  /// What the stub answers: `token` is what came in the Authorization header.
  static func answer(_ asked: StubServer.Asked, _ echo: Echo) -> StubServer.Answer {
    let sent = asked.authorization ?? "Bearer \(canary.text)"
    let token = String(sent.dropFirst("Bearer ".count))
    let middle = String(token.dropFirst(29).prefix(31))
    let usual = usual(asked, token)
    switch echo {
    case .message: return status(401, "the token \(token) is bad")
    case .user:
      return status(
        403,
        #"endpoints is forbidden: User \"\#(token)\" cannot list resource \"endpoints\" in API group \"\" "#
          + "at the cluster scope", reason: "Forbidden")
    case .base64: return status(400, "\(Canary.base64(token)) and \(Canary.base64(sent))", reason: "BadRequest")
    case .middle: return status(500, "near \(middle)", reason: "InternalError")
    case .redirect:
      return StubServer.Answer(status: 302, headers: ["Location: https://\(middle).example/\(token)?t=\(token)"])
    case .warning:
      var answer = usual
      answer.headers.append(#"Warning: 299 - "\#(sent) is ignored, \#(middle)""#)
      return answer
    case .page:
      return StubServer.Answer(
        status: 403, type: "text/html; \(token)", headers: ["Server: \(token)"], body: "<form>\(token)</form>")
    case .identity where asked.path.hasSuffix("selfsubjectreviews"):
      return StubServer.Answer(
        status: 201, body: #"{"kind":"SelfSubjectReview","status":{"userInfo":{"username":"\#(token)"}}}"#)
    case .version where asked.path == "/version": return StubServer.Answer(body: #"{"gitVersion":"\#(token)"}"#)
    case .kind: return StubServer.Answer(body: #"{"kind":"\#(token)","\#(token)":1}"#)
    case .failure: return StubServer.Answer(status: 503, headers: ["Retry-After: \(token)"], body: token)
    case .object where asked.method == "GET" && asked.path.contains("/namespaces/"):
      return StubServer.Answer(
        body: #"{"kind":"Secret","metadata":{"name":"\#(token)","uid":"\#(token)"},"type":"\#(token)","#
          + #""roleRef":{"kind":"ClusterRole","name":"\#(token)"},"data":{"token":"\#(Canary.base64(token))"}}"#)
    default: return usual
    }
  }

  /// A server that works.
  private static func usual(_ asked: StubServer.Asked, _ token: String) -> StubServer.Answer {
    let last = String(asked.path.split(separator: "/").last ?? "")
    switch last {
    case "endpoints":
      return asked.target.contains("watch=true")
        ? StubServer.Answer(staysOpen: true)
        : StubServer.Answer(body: #"{"kind":"EndpointsList","metadata":{"resourceVersion":"1"},"items":[]}"#)
    case "selfsubjectreviews":
      return StubServer.Answer(
        status: 201,
        body: #"{"kind":"SelfSubjectReview","status":{"userInfo":{"username":"system:serviceaccount:default:apisix"}}}"#
      )
    case "selfsubjectaccessreviews":
      return StubServer.Answer(status: 201, body: #"{"kind":"SelfSubjectAccessReview","status":{"allowed":true}}"#)
    case "apisix-token":
      return StubServer.Answer(
        body: #"{"kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{"annotations":"#
          + #"{"kubernetes.io/service-account.name":"apisix"}},"data":{"token":"\#(Canary.base64(token))"}}"#)
    case "apisix": return StubServer.Answer(body: #"{"kind":"ServiceAccount","metadata":{"name":"apisix"}}"#)
    case "token":
      return StubServer.Answer(status: 201, body: #"{"kind":"TokenRequest","status":{"token":"\#(token)"}}"#)
    case "version": return StubServer.Answer(body: #"{"gitVersion":"v1.36.2"}"#)
    default: return StubServer.Answer(status: 404, body: #"{"kind":"Status","reason":"NotFound","code":404}"#)
    }
  }

  private static let others = OutputFormat.allCases.map(\.rawValue).filter { $0 != "text" }
  /// Each with `-v`, as text, and in every other format into a file.
  private static let commands: [[String]] = [
    ["token", "verify", "--config", "CONFIG"], ["token", "verify", "--server", "URL", "--token-file", "TOKEN"],
    ["token", "verify", "--server", "URL", "--token-file", "-"], ["token", "verify", "--server", "URL"],
    ["token", "verify", "--config", "CONFIG", "--kubeconfig", "KUBE"],
    ["token", "verify", "--kubeconfig", "KUBE", "--as", "system:serviceaccount:default:apisix"],
    ["rbac", "verify", "--config", "CONFIG"], ["rbac", "verify", "--server", "URL", "--token-file", "TOKEN"],
    ["rbac", "diff", "--server", "URL", "--token-file", "TOKEN"],
    ["token", "create", "--server", "URL", "--token-file", "TOKEN", "--output-file", "OUT"],
    [
      "token", "create", "--server", "URL", "--token-file", "TOKEN", "--into", "CONFIG", "--confirm", "--duration",
      "1h",
    ],
    ["resolve", "default/web:http", "--config", "CONFIG"],
  ]

  @Test(arguments: Echo.allCases) func whateverTheServerSendsBack(_ echo: Echo) throws {
    let stub = try StubServer { Self.answer($0, echo) }
    defer { stub.stop() }
    let token = Self.canary.text
    for command in Self.commands {
      let folder = try Folder([
        "config.yaml": """
        discovery:
          kubernetes:
            service: {schema: http, host: 127.0.0.1, port: "\(stub.port)"}
            client: {token: "\(token)"}
        """,
        "kube.yaml": kubeconfig(server: stub.url, user: "{token: \"\(token)\"}"),
        "token": token + "\n", "tmp/x": "",
      ])
      let places = [
        "CONFIG": "config.yaml", "KUBE": "kube.yaml", "TOKEN": "token", "URL": stub.url, "OUT": "out.token",
      ]
      let formats = Self.others.flatMap { ["-o", "\($0)=written.\($0)"] }
      let arguments =
        command.map { places[$0] ?? $0 } + ["-v"] + (command[0] == "resolve" ? [] : ["-o", "text"] + formats)
      let ended = try gatecheck(
        arguments, in: folder.path, input: token,
        environment: ["GATECHECK_TOKEN": token, "TMPDIR": folder["tmp"], "HOME": folder["tmp"]])
      let what = "\(echo): gatecheck \(arguments.joined(separator: " "))"
      #expect((0...3).contains(ended.status), "\(what) ends with \(ended.status): \(ended.errors)")
      Self.canary.expectAbsent(ended.output, what)
      Self.canary.expectAbsent(ended.errors, what + " (standard error)")
      // What it was given, and where it was told to put one, may hold the token; nothing else.
      for name in folder.names() where !["config.yaml", "kube.yaml", "token", "out.token"].contains(name) {
        Self.canary.expectAbsent(try folder.read(name), "\(what) in \(name)")
      }
    }
  }

  @Test func theCanaryIsSeen() {
    let text = Self.canary.text
    for shown in [
      text, String(text.dropFirst(40).prefix(12)), String(Canary.base64("ab" + text).dropFirst(30).prefix(20)),
    ] {
      withKnownIssue { Self.canary.expectAbsent("a line\n  with \(shown) in it", "this") }
    }
  }

  /// Tokens damaged in every way that lint knows, in front of the commands for tokens.
  @Test(arguments: [0, 1]) func damagedTokens(which: Int) throws {
    let canary = which == 0 ? CanaryTests.jwt : CanaryTests.opaque
    let files = CanaryTests.files(of: canary)
    let folder = try Folder(files)
    let commands = [
      ["token", "inspect", "--unwrap", "unwrapped", "FILE"], ["token", "verify", "--config", "FILE"],
      ["token", "verify", "--server", "https://127.0.0.1:1", "--token-file", "FILE"],
      ["token", "create", "--server", "https://127.0.0.1:1", "--into", "FILE"],
    ]
    for file in files.keys.sorted() {
      for command in commands.prefix(which == 0 ? 4 : 1) {
        let arguments =
          command.map { $0 == "FILE" ? file : $0 } + ["-v", "-o", "text", "-o", "json=made.json", "--timeout", "2"]
        let ended = try gatecheck(
          arguments, in: folder.path,
          environment: ["TOKEN": canary.text, "HTTPS_PROXY": "http://127.0.0.1:1", "GATECHECK_TOKEN": canary.text])
        let written = (try? folder.read("made.json")) ?? ""
        canary.expectAbsent("\(ended.output)\n\(ended.errors)\n\(written)", arguments.joined(separator: " "))
      }
    }
    for name in folder.names() where files[name] == nil && name != "unwrapped" {
      canary.expectAbsent(try folder.read(name), name)
    }
  }
}
