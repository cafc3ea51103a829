import TestSupport
import Testing

/// Files that never end, or never begin: pipes without a writer, and devices. `--timeout` holds for them as for servers.
@Suite struct FileTimeTests {
  /// A call, what it says, and what it must not say.
  struct Row: CustomTestStringConvertible {
    let call: String
    let says: String
    var never: String?
    var testDescription: String { call }
  }

  private static let late = "its end did not come within the time for the whole command"

  private static let rows = [
    Row(call: "doctor --config pipe", says: late, never: "ok       APISIX"),
    Row(call: "doctor --config good.yaml --log pipe", says: late, never: "ok       pipe tells"),
    Row(call: "doctor --config good.yaml --log /dev/zero", says: late, never: "ok       /dev/zero tells"),
    Row(call: "doctor --config good.yaml --apisix-file pipe", says: late, never: "ok       the upstreams"),
    Row(call: "doctor --config token.yaml", says: "cannot read the token_file", never: "ok       the API server"),
    Row(call: "doctor --config ca.yaml", says: "within the time for the whole command", never: "ok       consul"),
    Row(call: "doctor --kubeconfig pipe", says: "cannot read kubeconfig pipe", never: "ok       the cluster"),
    Row(
      call: "doctor --config good.yaml --admin http://127.0.0.1:9 --admin-key-file pipe", says: late,
      never: "ok       the upstreams"),
    Row(call: "doctor --from-bundle pipe", says: late),
    Row(call: "doctor --config good.yaml --env-file pipe", says: late),
    Row(call: "token verify --config token.yaml --env-file pipe", says: late),
    Row(call: "token inspect token --env-file pipe", says: late),
    Row(call: "registry verify --config good.yaml --env-file pipe", says: late),
    Row(call: "resolve web --registry consul --config good.yaml --env-file pipe", says: late),
    Row(call: "rbac verify --config token.yaml --env-file pipe", says: late),
    Row(call: "rbac verify --config pipe --as a --server http://127.0.0.1:9 --token-file token", says: late),
    Row(call: "rbac diff --config pipe --server http://127.0.0.1:9 --token-file token", says: late),
  ]

  private static func folder() throws -> Folder {
    let folder = try Folder([
      "good.yaml": "discovery: {consul: {servers: [\"http://127.0.0.1:9\"]}}\n", "token": "a.b.c",
      "token.yaml": """
      discovery:
        kubernetes:
          service: {schema: http, host: 127.0.0.1, port: "9"}
          client: {token_file: pipe}
      """,
      "ca.yaml": """
      apisix: {ssl: {ssl_trusted_certificate: pipe}}
      discovery: {consul: {servers: ["http://127.0.0.1:9"]}}
      """,
    ])
    #expect(try execute("mkfifo", ["pipe"], in: folder.path).status == 0)
    return folder
  }

  /// What hangs is killed, long before the half minute that a pipe has elsewhere.
  @Test(arguments: rows) func whatNeverEndsIsToldInTime(row: Row) throws {
    let folder = try Self.folder()
    defer { withExtendedLifetime(folder) {} }
    let ended = try bash("timeout -s KILL 25 gatecheck \(row.call) --timeout 1", in: folder.path)
    let text = ended.output + ended.errors
    #expect([1, 2, 3].contains(ended.status), "\(ended)")
    #expect(text.contains(row.says), "\(text)")
    if let never = row.never { #expect(!text.contains(never), "\(text)") }
  }

  /// One slow file costs only itself.
  @Test func otherFilesAreReadMeanwhile() throws {
    let server = try StubServer { asked in
      let body = asked.path == "/v1/catalog/services" ? #"{"consul": []}"# : "[]"
      return .init(headers: ["X-Consul-Index: 7"], body: body)
    }
    defer { server.stop() }
    let folder = try Self.folder()
    try folder.write(
      "two.yaml",
      """
      apisix: {ssl: {ssl_trusted_certificate: none.pem}}
      discovery: {consul: {servers: ["\(server.url)"]}}
      """)
    let ended = try bash(
      "timeout -s KILL 60 gatecheck doctor --config two.yaml --apisix-file pipe --timeout 5", in: folder.path)
    #expect(ended.output.contains("ok       consul at \(server.url) answers"), "\(ended)")
    #expect(ended.output.contains(Self.late), "\(ended)")
  }

  /// What comes in time is read as ever.
  @Test func aPipeThatEndsIsRead() throws {
    let log = "2026/11/28 11:02:16 [error] 1#1: *1 discovery: failed"
    let script = """
      (sleep 0.3; cat good.yaml >pipe) & (sleep 0.3; echo '\(log)' >log) &
      mkfifo log; timeout -s KILL 60 gatecheck doctor --config pipe --log log
      """
    let folder = try Self.folder()
    defer { withExtendedLifetime(folder) {} }
    let ended = try bash(script, in: folder.path)
    #expect(ended.output.contains("127.0.0.1:9 refused the connection"), "\(ended)")
    #expect(!ended.output.contains("did not come"), "\(ended)")
  }
}
