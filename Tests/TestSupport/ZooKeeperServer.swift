import Foundation

/// A real ZooKeeper 3.8, and its own command line to write into it.
public final class ZooKeeperServer: @unchecked Sendable {
  public let address: String
  public private(set) var process: ServerProcess
  private let start: () throws -> ServerProcess

  private static let files = ServerProcess.files(of: "zookeeper")
  public static let isThere = files != nil && (try? execute("which", ["java"]))?.status == 0
  /// One for all tests that keep to names of their own.
  public static let shared = Result { try ZooKeeperServer() }

  /// - Parameter settings: further lines of zoo.cfg. With servers of an ensemble that are not there it never serves.
  public init(_ settings: String = "", variables: [String] = []) throws {
    let port = try StubNameServer.closedPort(withTCP: true)
    let folder = try Folder([
      "zoo.cfg": """
      tickTime=500
      dataDir=data
      clientPort=\(port)
      clientPortAddress=127.0.0.1
      admin.enableServer=false
      \(settings)

      """,
      "data/myid": "1\n",
    ])
    address = "127.0.0.1:\(port)"
    let isAlone = !settings.contains("server.1")
    let main = "org.apache.zookeeper.server." + (isAlone ? "ZooKeeperServerMain" : "quorum.QuorumPeerMain")
    start = {
      try ServerProcess(
        "java",
        ["-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"] + variables + ["-cp", Self.path, main, "zoo.cfg"],
        in: folder
      ) {
        // Where no answer comes, nothing but a limit of its own ends it: signals are held back here.
        try bash("echo srvr | curl -s --max-time 2 telnet://127.0.0.1:\(port)").output
          .contains(isAlone ? "Zookeeper version" : "not currently serving")
      }
    }
    process = try start()
  }

  /// Starts it again after `stop`, with what it held.
  public func startAgain() throws { process = try start() }

  private static var path: String {
    [
      "zookeeper", "zookeeper-jute", "slf4j-simple", "slf4j-api", "servlet-api", "commons-cli", "metrics-core",
      "snappy-java", "netty-all", "jackson-databind", "jackson-core", "jackson-annotations",
    ].map { "\(files ?? "")/usr/share/java/\($0).jar" }.joined(separator: ":")
  }

  /// Runs commands of zkCli.sh, one a line, and gives what they print.
  @discardableResult
  public func cli(_ commands: String) throws -> String {
    let ended = try execute(
      "java",
      [
        "-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp",
        Self.path, "org.apache.zookeeper.ZooKeeperMain", "-server", address,
      ], input: commands + "\nquit\n")
    return ended.output + ended.errors
  }

  public func stop() { process.stop() }
}
