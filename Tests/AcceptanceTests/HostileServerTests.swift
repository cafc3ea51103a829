import Foundation
import Synchronization
import TestSupport
import Testing

/// Servers that break what HTTP, JSON and the API of Kubernetes promise, in more than a hundred ways. Whatever they do,
/// each command ends in its time, holds little in memory, and says what was wrong.
@Suite(.serialized) struct HostileServerTests {
  /// The running hostile-server.py: a port for each kind.
  private struct Server {
    let ports: [(name: String, port: Int)]
    private let process = Process()

    init() throws {
      let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "hostile-server.py")
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["python3", script.path]
      let output = Pipe()
      (process.standardInput, process.standardOutput) = (Pipe(), output)
      try process.run()
      var line = Data()
      while !line.contains(0x0A) {
        let more = output.fileHandleForReading.availableData
        guard !more.isEmpty else { throw Unusable(description: "hostile-server.py (python3) did not start") }
        line += more
      }
      let rows = try JSONSerialization.jsonObject(with: line) as? [[Any]] ?? []
      ports = rows.compactMap { row in (row[0] as? String).flatMap { name in (row[1] as? Int).map { (name, $0) } } }
    }

    func stop() { process.terminate() }
  }

  private struct Way: Sendable {
    let name: String
    let arguments: [String]
  }

  private static let ways = [
    Way(name: "token verify", arguments: ["token", "verify", "-o", "short"]),
    Way(name: "one name", arguments: ["resolve", "default/a:b"]),
    Way(name: "all names", arguments: ["resolve", "--all"]),
    Way(name: "watch", arguments: ["resolve", "default/a:b", "--watch"]),
  ]

  /// Kinds that are odd and harmless: an answer that can be read is read.
  private static let harmless: Set<String> = [
    "folded header", "bare line feeds", "a million cookies",
    "date of the year 9999", "date that is none",
  ]

  private static let limit = 1.0
  private static let threads = 12

  @Test func eachEndsInItsTimeAndSaysWhy() async throws {
    let server = try Server()
    defer { server.stop() }
    #expect(server.ports.count >= 110)
    let folder = try Folder(["token": "q9VwZt3Xk7Lm2Rb8Yc4N"])
    let problems = Mutex<[String]>([])
    let cases = server.ports.flatMap { kind in Self.ways.map { (kind, $0) } }
    // They mostly wait: threads of their own, which take no other test's.
    let next = Mutex(0)
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      let left = Mutex(Self.threads)
      for _ in 0..<Self.threads {
        Thread.detachNewThread {
          while case let index = next.withLock({
            $0 += 1
            return $0 - 1
          }), index < cases.count {
            let (kind, way) = cases[index]
            problems.withLock { $0 += Self.problems(kind.name, kind.port, way, in: folder) }
          }
          if left.withLock({
            $0 -= 1
            return $0 == 0
          }) {
            done.resume()
          }
        }
      }
    }
    #expect(problems.withLock { $0 } == [])
  }

  private static func problems(_ kind: String, _ port: Int, _ way: Way, in folder: Folder) -> [String] {
    let told = "\(kind), \(way.name)"
    // By the limit of the command and by that of a request, in turns.
    let isWhole = way.name == "watch" || port % 2 == 0
    let limits = isWhole ? ["--timeout", "\(limit)"] : ["--request-timeout", "\(limit)", "--timeout", "\(3 * limit)"]
    let arguments =
      way.arguments + limits + ["--allow-plain-http", "--token-file", "token", "--server", "http://127.0.0.1:\(port)"]
    // 256 MiB of data, the libraries' and all.
    let line = "ulimit -d 262144; exec gatecheck " + arguments.map { "'\($0)'" }.joined(separator: " ")
    let began = ContinuousClock.now
    guard let ended = try? bash(line, in: folder.path) else { return ["\(told): cannot be run"] }
    let taken = ContinuousClock.now - began
    let text = ended.output + ended.errors
    let isNamed = text.contains("[") || way.name == "watch" && text.contains("default/a:b: ")
    let isRead = !harmless.contains(kind) || way.name != "one name" || ended.status == 0
    let checks = [
      // The rest is for a busy machine.
      "\(taken)": taken < .seconds((isWhole ? limit : 3 * limit) + 5), "status": (0...3).contains(ended.status),
      "says nothing": isNamed || ended.status == 0, "token": !text.contains("q9VwZt3Xk7Lm"), "is refused": isRead,
      "control characters": text.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A || $0 == 0x09 },
    ]
    return checks.filter { !$0.value }.map { "\(told): \($0.key): \(ended)" }
  }

  @Test func anEndlessListIsToldAfterAFewRequests() throws {
    for next in ["same", nil] {
      let page: @Sendable (StubServer.Asked) -> StubServer.Answer = { asked in
        let item = #"{"metadata":{"name":"a","namespace":"default"}}"#
        let token = next ?? "\(asked.target.utf8.count)x\(asked.target.hashValue)"
        return .init(
          body:
            #"{"kind":"EndpointsList","metadata":{"resourceVersion":"1","continue":"\#(token)"},"items":[\#(item)]}"#)
      }
      for arguments in [["--all"], ["default/a:b"]] {
        let stub = try StubServer(page)
        defer { stub.stop() }
        let ended = try gatecheck(
          ["resolve", "--server", stub.url, "--allow-plain-http", "--token-file", "/dev/stdin"] + arguments,
          input: "q9VwZt3Xk7Lm2Rb8Yc4N")
        #expect(ended.status == 1 && (ended.output + ended.errors).contains("sends the list without end"), "\(ended)")
        #expect(stub.asked.count < 8, "\(stub.asked.count) requests")
      }
    }
  }

  @Test func aPipeGivesItsTokenWithinTheTime() throws {
    let folder = try Folder()
    func run(_ script: String) throws -> Ended {
      try bash("mkfifo pipe 2>/dev/null; " + script, in: folder.path)
    }
    let verify = "gatecheck token verify -o short --server http://127.0.0.1:9 --allow-plain-http --timeout 1"
    let silent = [
      "--token-file pipe", "--token-file <(exec sleep 30)", "--token-file - < <(exec sleep 30)", "--kubeconfig pipe",
    ]
    for way in silent + ["--config pipe", "--certificate-authority pipe"] {
      let ended = try run("\(verify) \(way)")
      #expect([1, 2, 3].contains(ended.status), "\(way): \(ended)")
      let text = ended.output + ended.errors
      #expect(
        text.contains("within the time for the whole command") || text.contains("cannot read kubeconfig pipe"),
        "\(way): \(ended)")
    }
    let token = "q9VwZt3Xk7Lm2Rb8Yc4N"
    for way in ["--token-file <(sleep 0.3; echo \(token))", "--token-file - < <(echo \(token))"] {
      #expect(try run("\(verify) \(way)").output.contains("connect/refused"), "\(way)")
    }
    let late = try run("gatecheck resolve default/a:b --from pipe --timeout 1")
    #expect(late.status == 3 && (late.output + late.errors).contains("input/unreadable"), "\(late)")
  }

  /// Where no flag limits the time.
  @Test func aPipeThatNobodyEndsIsToldAfterHalfAMinute() throws {
    let calls = [
      "lint pipe", "lint --env-file pipe .", "lint --files-from pipe", "lint --diff pipe",
      "rbac generate --config pipe",
      "rbac generate --env-file pipe",
    ]
    let folder = try Folder(["config.yaml": "apisix:\n  node_listen: 9080\n"])
    let runs = calls.enumerated().map { "(timeout 90 gatecheck \($1) >out\($0) 2>&1; echo $? >>out\($0)) &" }
    let script = "mkfifo pipe; sleep 100 >pipe & holder=$!\n" + runs.joined(separator: "\n")
    let ended = try bash(
      script + "\nwait $(jobs -p | grep -vx $holder)\nkill $holder", in: folder.path)
    for (index, call) in calls.enumerated() {
      let text = try folder.read("out\(index)")
      #expect(text.contains("its end did not come within 30 seconds"), "\(call): \(text)\(ended)")
      #expect(["2", "3"].contains(text.split(separator: "\n").last), "\(call): \(text)")
    }
  }

  @Test func whatNobodyNamedIsARegularFile() throws {
    let good = "discovery:\n  kubernetes:\n    service:\n      host: 10.96.0.1\n      port: \"6443\"\n"
    let folder = try Folder(["a/config.yaml": good])
    let script = "mkfifo a/.gatecheck.yaml && timeout 5 gatecheck lint a"
    let ended = try bash(script, in: folder.path)
    #expect(
      ended.status == 2 && (ended.output + ended.errors).contains("cannot read it: it is no regular file"), "\(ended)")
    let inside = try Folder(["a/config.yaml": good])
    let ignored = "git init -q . && mkfifo .gitignore && cd a && mkfifo .gitignore && timeout 5 gatecheck lint . -q"
    #expect(try bash(ignored, in: inside.path).status < 2)
    let token = "discovery:\n  kubernetes:\n    client:\n      token_file: /token\n"
    let root = try Folder(["config.yaml": token])
    #expect(
      try bash("mkdir r; mkfifo r/token; timeout 5 gatecheck lint --root r config.yaml", in: root.path).status < 2)
  }
}
