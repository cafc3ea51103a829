import Foundation
import TestSupport
import Testing

/// A credential that goes in comes out nowhere: not whole, not in part, not in base64, in no command, format,
/// verbosity and file.
@Suite struct CanaryTests {
  private static func part(_ json: String) -> String {
    Canary.base64(json).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  static let jwt = Canary(
    "a JWT",
    part(#"{"kid":"Qx7canaryKid0Zr41","alg":"RS256"}"#) + "."
      + part(
        #"{"jti":"7fK2canaryJti9wQ","iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:default:apisix"}"#)
      + "." + part(String((0..<256).map { Array("qZ7xW2vK9pLmR4tY8nBc5dFg6hJs3aQeU1oI0rTz")[$0 * 7 % 40] })))
  static let opaque = Canary("an opaque token", "k7Qz.W2vX9pLm-R4tY8nBc5dFg6hJs3aQeU1oI0rTzV")

  /// Files with the credential in every place that a user may put it.
  static func files(_ secret: String) -> [String: String] {
    let wrapped = Canary.base64(secret)
    func config(_ client: String) -> String {
      "apisix:\n  node_listen: 9080\ndiscovery:\n  kubernetes:\n    service:\n      host: 10.96.0.1\n      port: 6443\n"
        + "    client:\n\(client.split(separator: "\n").map { "      \($0)\n" }.joined())"
    }
    func configMap(_ text: String) -> String {
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: apisix\ndata:\n  config.yaml: |\n"
        + text.split(separator: "\n").map { "    \($0)\n" }.joined()
    }
    let half = secret.index(secret.startIndex, offsetBy: secret.count / 2)
    return [
      "inline.yaml": config("token: \(secret)"),
      "quoted.yaml": config("token: \"'\(secret)'\""),
      "wrapped.yaml": config("token: \(wrapped)"),
      "wrapped-twice.yaml": config("token: \(Canary.base64(wrapped))"),
      "bearer.yaml": config("token: Bearer \(secret)"),
      "two-lines.yaml": config("token: |-\n  \(secret[..<half])\n  \(secret[half...])"),
      "folded.yaml": config("token: >\n  \(secret)"),
      "strange.yaml": config("token: \"\(secret)\\u2026\""),
      "truncated.yaml": config("token: \(secret.dropLast(9))"),
      "list.yaml": config("token:\n  - \(secret)"),
      "map.yaml": config("token:\n  value: \(secret)"),
      "misspelt.yaml": config("tokne: \(secret)"),
      "misplaced.yaml": config("token_file: /t") + "    token: \(secret)\n",
      "as-file.yaml": config("token_file: \(secret)"),
      "anchor.yaml": "x-token: &t \(secret)\n" + config("token: *t"),
      "comment.yaml": config("token: ${TOKEN}  # \(secret)"),
      "duplicate.yaml": config("token: \(secret)\ntoken: \(secret)"),
      "default.yaml": config("token: \"${{TOKEN:=\(secret)}}\""),
      "host.yaml": config("token: x").replacing("10.96.0.1", with: secret),
      "port.yaml": config("token: x").replacing("6443", with: secret),
      "key.yaml": config("\(secret): x"),
      "syntax.yaml": config("token: \(secret)\n  broken: {"),
      "syntax-before.yaml": "a: [\n" + config("token: \(secret)"),
      "syntax-same-line.yaml": config("token: \(secret)\"}: ["),
      "syntax-quote.yaml": config("token: \"\(secret)\n"),
      "tab.yaml": config("\ttoken: \(secret)"),
      "document.yaml": config("token: |\n  apiVersion: v1\n  kind: Secret\n  data:\n    token: \(wrapped)"),
      "admin-key.yaml":
        "deployment:\n  admin:\n    admin_key:\n      - name: admin\n        key: \(secret)\n        rol: x\ndiscovery:\n  dns: {}\n",
      "nacos.yaml":
        "discovery:\n  nacos:\n    host:\n      - \"http://nacos:\(secret)@192.168.33.1:8848\"\n    prefx: \"x\"\n",
      "nacos-string.yaml": "discovery:\n  nacos:\n    host: \"http://nacos:\(secret)@192.168.33.1:8848\"\n",
      "nacos-keys.yaml":
        "discovery:\n  nacos:\n    host: [\"http://192.168.33.1:8848\"]\n    access_key: a\n    secret_key: \(secret)\n",
      "consul.yaml":
        "discovery:\n  consul:\n    servers: [\"http://u:\(secret)@10.0.0.1:8500/x\"]\n    token: \(secret)\n",
      "eureka.yaml": "discovery:\n  eureka:\n    host: \"http://u:\(secret)@10.0.0.1:8761\"\n",
      "secret.yaml":
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations:\n    kubernetes.io/service-account.name: a\n"
        + "type: kubernetes.io/service-account-token\ndata:\n  token: \(wrapped)\n  ca.crt: \(wrapped)\n",
      "secret-string.yaml":
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations:\n    kubernetes.io/service-account.name: a\n"
        + "type: Opaque\nstringData:\n  token: \(secret)\n  wrapped: \(wrapped)\nspec: \(secret)\n",
      "applied.yaml":
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n"
        + "      {\"kind\":\"Secret\",\"data\":{\"token\":\"\(wrapped)\"}}\ntype: kubernetes.io/service-account-token\n",
      "configmap.yaml": configMap(config("token: \(secret)\nmatch: x")),
      "configmap-wrapped.yaml": configMap(config("token: \(wrapped)")),
      "configmap-syntax.yaml": configMap(config("token: \(secret)\nbroken: {")),
      "values.yaml":
        "image:\n  tag: x\napisix:\n  admin:\n    credentials:\n      admin: \(secret)\n  discovery:\n    enabled: true\n"
        + "    registry:\n      kubernetes:\n        service: {host: a, port: 6443}\n        client:\n          token: \(secret)\n",
      "values-outside.yaml":
        "image:\n  tag: x\napisix:\n  discovery:\n    enabled: true\n    nacos:\n      host: [\"http://u:\(secret)@a:1\"]\n",
      "apisix.yaml":
        "routes:\n  - uri: /a\n    plugins:\n      key-auth: {}\n      openid-connect:\n        client_secret: \(secret)\n"
        + "    upstream:\n      service-name: default/a:http\n      service_name: http://u:\(secret)@10.0.0.1:8500/v1/kv/a\n"
        + "      discovery_type: consul_kv\nconsumers:\n  - username: jack\n    plugins:\n      key-auth:\n        key: \(secret)\n"
        + "# END\n",
      "adc.yaml":
        "services:\n  - name: a\n    upstream:\n      nodes: {\"10.0.0.1:80\": 1}\n    routes:\n      - name: r\n        uri: /a\n"
        + "        plugins:\n          limit-count: {redis_password: \(secret)}\n"
        + "consumers:\n  - username: jack\n    credentials:\n      - name: k\n        type: key-auth\n        config: {key: \(secret)}\n",
      ".env": "export TOKEN='\(secret)'\nKUBE_TOKEN=\(secret)\n",
      "token": secret + "\n",
      "variables.yaml": config("token: \"${{TOKEN}}\"\nmatch: ${TOKEN}"),
      "variables-in-host.yaml": config("token: x").replacing("10.96.0.1", with: "\"${{TOKEN}}\""),
      "variables-in-port.yaml": config("token: ${TOKEN}").replacing("6443", with: "${{TOKEN}}"),
      "token-file.yaml": config("token_file: /token"),
    ]
  }

  /// Where nobody can tell an opaque text for a credential: no key names it, and it looks like nothing in particular.
  private static let unrecognizable: Set = ["as-file.yaml", "comment.yaml", "host.yaml", "key.yaml", "port.yaml"]

  static func files(of canary: Canary) -> [String: String] {
    files(canary.text).filter { canary.name == jwt.name || !unrecognizable.contains($0.key) }
  }

  private func expectNothing(of canary: Canary, in text: String, _ what: String) { canary.expectAbsent(text, what) }

  @Test(arguments: [0, 1], ExitStatusTests.findingFormats + ["diff"]) func lint(which: Int, format: String) throws {
    let canary = which == 0 ? Self.jwt : Self.opaque
    let folder = try Folder(Self.files(of: canary))
    let flags =
      format == "diff"
      ? ["--diff", "--unsafe-fixes"] : ["-o", format, "-o", "text", "-o", "json=out.json", "-o", "\(format)=out.other"]
    let environment = ["TOKEN": canary.text, "GATECHECK_TOKEN": canary.text]
    let rounds: [[String]] = [
      [], ["-v", "--env-file", ".env"], ["-v", "--env-from-process", "--root", folder.path],
      ["--apisix-version", "2.13", "--env", "TOKEN=\(canary.text)"], ["--apisix-version", "3.12"],
    ]
    let files = Self.files(of: canary).keys.filter { $0.hasSuffix(".yaml") }.sorted()
    for round in rounds {
      // All at once, and those one by one that a folder of others might change.
      for targets in [files] + (round.isEmpty && ["text", "json", "diff"].contains(format) ? files.map { [$0] } : []) {
        let ended = try gatecheck(
          ["lint", "--fail-on", "note"] + flags + round + targets, in: folder.path, environment: environment)
        let what = "lint \((flags + round).joined(separator: " ")) \(targets.count == 1 ? targets[0] : "")"
        #expect(ended.status == 1 || targets.count == 1, "\(what) ends with \(ended.status)")
        expectNothing(of: canary, in: ended.output, what)
        expectNothing(of: canary, in: ended.errors, what + " (standard error)")
        for name in ["out.json", "out.other"] {
          guard let written = try? folder.read(name) else { continue }
          expectNothing(of: canary, in: written, what + " in \(name)")
        }
      }
    }
    let fixed = try gatecheck(["lint", "-v", "--fix", "--unsafe-fixes"] + files, in: folder.path)
    expectNothing(of: canary, in: fixed.output + fixed.errors, "lint --fix")
  }

  @Test(arguments: [0, 1]) func otherCommands(which: Int) throws {
    let canary = which == 0 ? Self.jwt : Self.opaque
    let folder = try Folder(Self.files(of: canary))
    try folder.write("endpoints.yaml", Checkout.text("docs/examples/endpoints.yaml"))
    let environment = ["TOKEN": canary.text, "GATECHECK_TOKEN": canary.text]
    let configs = Self.files(of: canary).keys.sorted().filter { $0.hasSuffix(".yaml") }
    for config in configs {
      let calls = [
        ["resolve", "default/plat-dev:port", "--from", "endpoints.yaml", "--config", config, "-v"],
        ["resolve", "default/plat-dev:port", "--from", "endpoints.yaml", "--config", config, "-o", "json"],
        ["resolve", "default/plat-dev:port", "--from", config, "-o", "json"],
        ["resolve", "default/plat-dev:port", "--from", config, "-o", "text"],
        ["rbac", "generate", "--config", config, "-v"],
      ]
      for call in calls {
        let ended = try gatecheck(call, in: folder.path, environment: environment)
        expectNothing(of: canary, in: ended.output + "\n" + ended.errors, call.joined(separator: " "))
      }
    }
  }
}
