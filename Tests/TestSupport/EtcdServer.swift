import Foundation

/// A real etcd of its own: Debian's 3.4 or 3.5, or the one that came with the cluster. It ends with `stop`.
public final class EtcdServer: @unchecked Sendable {
  /// Which one: `etcd` is 3.4.
  public enum Package: String, CaseIterable, Sendable {
    case etcd
    case newer = "etcd-3.5"

    /// Where its programs are; nil where it cannot be had.
    public var programs: String? { Self.folders[self] }
    private static let folders = Dictionary(
      uniqueKeysWithValues: allCases.compactMap { name in
        ServerProcess.files(of: name.rawValue).map { (name, $0 + "/usr/bin") }
      })
    public static var areThere: Bool { folders.count == allCases.count }
  }

  public let folder: Folder
  public let url: String
  private let programs: String
  private var process: ServerProcess?
  private var arguments: [String] = []
  private var token: String?

  /// - Parameters:
  ///   - package: nil for the cluster's.
  ///   - tls: whether it has a certificate and wants one of its clients.
  public init(_ package: Package? = nil, tls: Bool = false, flags: [String] = []) throws {
    folder = try Folder()
    programs = package.flatMap(\.programs) ?? Cluster.assets ?? ""
    let peer = "http://127.0.0.1:\(try StubNameServer.closedPort(withTCP: true))"
    url = "\(tls ? "https" : "http")://127.0.0.1:\(try StubNameServer.closedPort(withTCP: true))"
    var arguments = [
      "--name", "t", "--data-dir", folder["data"], "--listen-client-urls", url, "--advertise-client-urls", url,
      "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--logger", "zap",
    ]
    if !flags.contains("--initial-cluster") { arguments += ["--initial-cluster", "t=\(peer)"] }
    if tls {
      let made = try bash("\(Checkout.path("Tests/cluster/certificates.sh")) https://127.0.0.1:1", in: folder.path)
      guard made.status == 0 else { throw Unusable(description: made.errors) }
      arguments += [
        "--cert-file", folder["apiserver.crt"], "--key-file", folder["apiserver.key"],
        "--client-cert-auth", "--trusted-ca-file", folder["ca.crt"],
      ]
    }
    self.arguments = arguments + flags
    try start()
  }

  /// Starts it again after `stop`, with what it held.
  public func start() throws {
    // Healthy comes before its gateway: only an answer to a range says that it is there.
    process = try ServerProcess(programs + "/etcd", arguments, in: folder) {
      let answer = try curl("/v3/kv/range", #"{"key":"AA=="}"#)
      return answer.contains("header") || answer.contains("404") || answer.contains("CommonName")
    }
  }

  public func stop() { process?.stop() }
  public func halt(_ isHalted: Bool) { process?.halt(isHalted) }

  @discardableResult
  public func curl(_ path: String, _ body: String) throws -> String {
    let certificates = "--cacert ca.crt --cert admin.crt --key admin.key"
    let header = token.map { "-H 'Authorization: \($0)'" } ?? ""
    let data = body.isEmpty ? "" : "-d '\(body)'"
    return try bash(
      "curl -sS --max-time 20 \(url.hasPrefix("https") ? certificates : "") \(header) \(data) \(url)\(path)",
      in: folder.path
    ).output
  }

  public func put(_ key: String, _ value: String) throws {
    let (key, value) = (Data(key.utf8).base64EncodedString(), Data(value.utf8).base64EncodedString())
    let answer = try curl("/v3/kv/put", #"{"key":"\#(key)","value":"\#(value)"}"#)
    guard answer.contains("revision") else { throw Unusable(description: answer) }
  }

  /// Runs lines that begin with etcdctl, as that user where one is given.
  @discardableResult
  public func etcdctl(_ lines: String, as user: String? = nil) throws -> Ended {
    let login = user.map { "export ETCDCTL_USER=\($0)" } ?? ""
    return try bash(
      """
      set -e
      export PATH="\(programs):$PATH" ETCDCTL_API=3 ETCDCTL_ENDPOINTS=\(url) \(url.hasPrefix("https") ? "ETCDCTL_CACERT=ca.crt" : "")
      \(login)
      \(lines)
      """, in: folder.path)
  }

  /// Root, and the user apisix who may read below /apisix.
  public func addUsers(_ password: String) throws {
    let (key, end) = (Data("/apisix".utf8).base64EncodedString(), Data("/apisiy".utf8).base64EncodedString())
    let requests = [
      ("role/add", #"{"name":"root"}"#), ("role/add", #"{"name":"reader"}"#),
      ("role/grant", #"{"name":"reader","perm":{"permType":"READ","key":"\#(key)","range_end":"\#(end)"}}"#),
      ("user/add", #"{"name":"root","password":"\#(password)-root"}"#),
      ("user/add", #"{"name":"apisix","password":"\#(password)"}"#),
      ("user/grant", #"{"user":"root","role":"root"}"#), ("user/grant", #"{"user":"apisix","role":"reader"}"#),
      ("enable", "{}"),
    ]
    for (path, body) in requests {
      let answer = try curl("/v3/auth/\(path)", body)
      guard answer.contains("revision") else { throw Unusable(description: "\(path): \(answer)") }
    }
  }
}
