import Findings
import Foundation
import TestSupport
import Testing

/// A URL with a password, in every place that takes or quotes one: the password comes out nowhere, whatever characters
/// it has and however short it is.
@Suite struct URLPasswordTests {
  static let passwords = ["Pa/ssw0rdq", "p@sswq1", "a?b#cdefq7", "8123/5q67w9", "x"]
  private static let formats = OutputFormat.allCases.map(\.rawValue)

  /// The password and each of its parts that is no ordinary text.
  private func expectNone(of password: String, in ended: Ended, _ what: String) {
    let parts = password.split { "/?#@".contains($0) }.filter { $0.count > 3 }.map(String.init)
    for part in ["quux:\(password)", ":\(password)@"] + parts where (ended.output + ended.errors).contains(part) {
      Issue.record("\(what) shows \(part): \((ended.output + ended.errors).prefix(2000))")
    }
  }

  private static func files(_ password: String) -> [String: String] {
    let user = "quux:\(password)@127.0.0.1:8500"
    var files: [String: String] = [:]
    for type in ["kubernetes", "consul", "consul_kv", "nacos", "eureka", "dns", "tars", "zookeeper", "mine"] {
      for (number, name) in ["http://\(user)/v1/kv/x/", "http://\(user)/v1/kv/x", "http://\(user)", user].enumerated() {
        let upstream = "discovery_type: \(type)\n      service_name: '\(name)'\n"
        files["\(type)-\(number).yaml"] =
          "routes:\n  - uri: /a\n    upstream:\n      type: roundrobin\n      \(upstream)#END\n"
        files["\(type)-args-\(number).yaml"] =
          "routes:\n  - uri: /a\n    upstream:\n      type: roundrobin\n      \(upstream)      discovery_args:\n"
          + "        namespace_id: '\(name)'\n        mystery: '\(name)'\n#END\n"
      }
    }
    let urls = [
      "http://\(user)", "http://\(user)/", "HTTP://\(user)/nacos", user, "ftp://\(user)",
      "http://${H}:1 http://\(user)",
    ]
    for (number, url) in urls.enumerated() {
      let list = "['\(url)', '\(url) ', 'http://127.0.0.1:1?u=\(url)']  # as http://\(user) says\n"
      for (registry, key) in [("nacos", "host"), ("eureka", "host"), ("consul", "servers"), ("consul_kv", "servers")] {
        files["\(registry)-\(number)-config.yaml"] =
          "discovery:\n  \(registry):\n    \(key): \(list)    prefix: '\(url)'\n"
        files["\(registry)-\(number)-plain-config.yaml"] =
          "discovery:\n  \(registry):\n    \(key): '\(url)'\n    hst: '\(url)'\n"
      }
      files["dns-\(number)-config.yaml"] = "discovery:\n  dns:\n    servers: \(list)"
      files["etcd-\(number)-config.yaml"] =
        "deployment:\n  role: traditional\n  etcd:\n    host: \(list)    prefx: '\(url)'\ndiscovery:\n  dns: {servers: ['\(url)']}\n"
      files["kubernetes-\(number)-config.yaml"] =
        "discovery:\n  kubernetes:\n    service:\n      schema: '\(url)'\n      host: '\(url)'\n      port: '\(url)'\n"
        + "    client:\n      token_file: '\(url)'\n    namespace_selector: {equal: '\(url)'}\n    label_selector: '\(url)'\n"
      files["names-\(number)-config.yaml"] =
        "discovery:\n  \"\(url)\":\n    \"\(url)\": 1\n  kubernetes:\n    - id: '\(url)'\n"
    }
    return files
  }

  @Test(arguments: passwords) func lint(password: String) throws {
    let folder = try Folder(Self.files(password))
    let files = folder.names()
    let outputs = Self.formats.flatMap { ["-o", "\($0)=out.\($0)"] }
    for flags in [["-v"] + outputs, ["--diff", "--unsafe-fixes"], ["--apisix-version", "2.13"], ["--env", "H=a"]] {
      for targets in [files] + files.map({ [$0] }) where flags[0] == "-v" || targets.count > 1 {
        let ended = try gatecheck(["lint", "--fail-on", "note"] + flags + targets, in: folder.path)
        expectNone(of: password, in: ended, "lint \(flags) \(targets.count > 1 ? "" : targets[0])")
        for format in Self.formats {
          guard let text = try? folder.read("out.\(format)") else { continue }
          expectNone(of: password, in: Ended(status: 0, output: text, errors: ""), "\(format) of \(targets[0])")
        }
      }
    }
    let fixed = try gatecheck(["lint", "-v", "--fix", "--unsafe-fixes"] + files, in: folder.path)
    expectNone(of: password, in: fixed, "lint --fix")
  }

  @Test(arguments: passwords) func commandsThatConnect(password: String) throws {
    let folder = try Folder(Self.files(password).filter { $0.key.hasSuffix("-config.yaml") })
    try folder.write("endpoints.yaml", Checkout.text("docs/examples/endpoints.yaml"))
    for scheme in ["http", "https"] {
      let url = "\(scheme)://quux:\(password)@127.0.0.1:1"
      try folder.write(
        "kubeconfig",
        "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{name: k, cluster: {server: '\(url)'}}]\n"
          + "users: [{name: u, user: {token: abc}}]\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n")
      try folder.write(
        "proxied",
        "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
          + "clusters: [{name: k, cluster: {server: 'https://127.0.0.1:1', proxy-url: '\(url)'}}]\n"
          + "users: [{name: u, user: {token: abc}}]\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n")
      let name = "default/plat-dev:port"
      var calls = ["etcd", "admin", "control", "referenced"].map {
        ["resolve", "--all", "--from", "endpoints.yaml", "--\($0)", url]
      }
      calls += [
        ["resolve", "\(url)/a:b"], ["resolve", "--etcd=\(url)", "--server", url], ["resolve", name, "--server", url],
        ["resolve", name, "--kubeconfig", "kubeconfig"], ["resolve", name, "--kubeconfig", "proxied"],
        ["token", "verify", "--server", url], ["token", "verify", "--kubeconfig", "kubeconfig"],
        ["token", "verify", "--kubeconfig", "proxied"], ["rbac", "verify", "--kubeconfig", "kubeconfig"],
        ["rbac", "diff", "--kubeconfig", "proxied"], ["token", "inspect", "kubeconfig"],
      ]
      for config in [
        "etcd-0-config.yaml", "kubernetes-0-config.yaml", "kubernetes-3-config.yaml", "names-0-config.yaml",
      ] {
        calls += [
          ["resolve", "--all", "--from", "endpoints.yaml", "--etcd", "--config", config],
          ["token", "inspect", "--config", config],
          ["token", "verify", "--config", config], ["rbac", "generate", "--config", config],
          ["resolve", name, "--config", config, "--from", "endpoints.yaml"],
        ]
      }
      let direct: [String: String] = ["GATECHECK_TOKEN": "abc"]
      for call in calls {
        let formats = call[0] == "rbac" && call[1] == "generate" ? [] : [["-o", "json"], ["-o", "text"]]
        for format in formats + [[]] {
          let ended = try gatecheck(call + format + ["-v"], in: folder.path, environment: direct)
          expectNone(of: password, in: ended, (call + format).joined(separator: " "))
        }
      }
      let proxied = direct.merging(["HTTPS_PROXY": url, "https_proxy": url, "http_proxy": url, "ALL_PROXY": url]) { $1 }
      for call in [
        ["token", "verify", "--server", "https://127.0.0.1:1"],
        ["resolve", "--all", "--from", "endpoints.yaml", "--admin", "http://127.0.0.1:1"],
      ] {
        let ended = try gatecheck(call + ["-v"], in: folder.path, environment: proxied)
        expectNone(of: password, in: ended, "\(call) by a proxy")
      }
    }
  }
}
