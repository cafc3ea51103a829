import Foundation

/// A server of Debian's that runs in a folder of its own until `stop`, or until the tests end.
public final class ServerProcess: Sendable {
  public let folder: Folder
  /// Watches over the server.
  private let watcher: pid_t

  /// Where `Tests/servers/fetch.sh` unpacked it; nil where it cannot be had.
  public static func files(of name: String) -> String? {
    guard let ended = try? execute("/bin/bash", [Checkout.path("Tests/servers/fetch.sh"), name], patience: 300),
      ended.status == 0
    else { return nil }
    return ended.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// - Parameter isReady: asked until it is so.
  public init(_ program: String, _ arguments: [String], in folder: Folder, isReady: () throws -> Bool) throws {
    self.folder = folder
    // It goes down with the tests, however they end, and holds nothing of theirs open: no lock, no pipe. One that ended
    // is still there for `kill -0` until somebody looks after it, but its children have another parent by then.
    let script = """
      exec >/dev/null 2>&1
      for file in /proc/$$/fd/*; do [ ${file##*/} -le 2 ] || eval "exec ${file##*/}>&-"; done
      cd "$1" && shift
      "$@" </dev/null >server.log 2>&1 & server=$!
      echo $server >server.pid
      trap 'kill $server; kill -CONT $server; wait $server; exit' TERM
      while grep -q "^PPid:[[:space:]]\(getpid())$" /proc/$$/status && kill -0 $server; do sleep 0.3 & wait $!; done
      kill $server; kill -CONT $server; wait $server
      """
    let argv = (["bash", "-c", script, "bash", folder.path, program] + arguments).map { strdup($0) } + [nil]
    defer { for text in argv { free(text) } }
    // The threads of tests hold signals back, and what they start would, too.
    var attributes = posix_spawnattr_t()
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var child: pid_t = 0
    let code = posix_spawn(&child, "/bin/bash", nil, &attributes, argv, environ)
    guard code == 0 else { throw Unusable(description: "cannot run \(program): \(String(cString: strerror(code)))") }
    watcher = child
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      if try isReady() { return }
      usleep(100_000)
    }
    stop()
    throw Unusable(description: "\(program) does not come up: \((try? folder.read("server.log")) ?? "")")
  }

  public func stop() {
    kill(watcher, SIGTERM)
    var status: Int32 = 0
    waitpid(watcher, &status, 0)
  }

  /// Halts it, with all its connections, or lets it go on. When this returns, it is so: the threads of a server
  /// stop one after the other, and the last may still answer.
  public func halt(_ isHalted: Bool) {
    let text = try? folder.read("server.pid").trimmingCharacters(in: .whitespacesAndNewlines)
    guard let server = text.flatMap({ pid_t($0) }) else { return }
    kill(server, isHalted ? SIGSTOP : SIGCONT)
    let end = ContinuousClock.now + .seconds(10)
    while isHalted, ContinuousClock.now < end, !Self.everyThreadStands(of: server) { usleep(1_000) }
  }

  private static func everyThreadStands(of process: pid_t) -> Bool {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    return threads.allSatisfy { thread in
      let status = try? String(contentsOfFile: "/proc/\(process)/task/\(thread)/status", encoding: .utf8)
      return status?.contains("State:\tT") ?? true
    }
  }
}
