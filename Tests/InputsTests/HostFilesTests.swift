import Inputs
import TestSupport
import Testing

/// What `--root` names is all that is read: no path and no link leads out of it.
@Suite struct HostFilesTests {
  private let folder: Folder
  private let files: HostFiles

  init() throws {
    folder = try Folder([
      "secret": "outside", "root/etc/token": "inside", "root/usr/local/apisix/conf/token": "relative",
      "root/run/pod/2024/token": "pod", "root/run/pod/2024/ca.crt": "ca",
    ])
    for (name, target) in [
      ("absolute", "/etc/token"), ("above", "../../../../../../../../etc/token"), ("out", "../secret"),
      ("host", folder["secret"]), ("circle", "/circle"), ("etc/up", ".."), ("run/pod/data", "2024"),
      ("run/pod/token", "data/token"), ("run/pod/ca.crt", folder["secret"]), ("var", "/run"), ("long0", "/etc/token"),
    ] {
      try folder.link("root/" + name, to: target)
    }
    for step in 1...41 { try folder.link("root/long\(step)", to: "long\(step - 1)") }
    files = HostFiles(root: folder["root"])
  }

  private func read(_ path: String, _ files: HostFiles) -> String {
    switch files.lookup(path) {
    case .content(let bytes): String(decoding: bytes, as: UTF8.self)
    case .missing: "missing"
    case .unknown: "unknown"
    }
  }

  @Test(arguments: [
    ("/etc/token", "inside"), ("conf/token", "relative"), ("/absolute", "inside"), ("/above", "inside"),
    ("/out", "missing"), ("/host", "missing"), ("/../secret", "missing"), ("/../../../../../../etc/token", "inside"),
    ("../../../../../secret", "missing"), ("/etc/up/etc/token", "inside"), ("/etc/up/up/../../secret", "missing"),
    ("/circle", "missing"), ("/run/pod/token", "pod"), ("/var/pod/token", "pod"), ("/nothing/../etc/token", "inside"),
    ("/etc//./token", "inside"), ("/etc", "missing"), ("/long39", "inside"), ("/long41", "missing"),
  ])
  func nothingOutsideIsRead(path: String, expected: String) {
    for root in [folder["root"], folder["root"] + "/", folder["root/etc/.."]] {
      #expect(read(path, HostFiles(root: root)) == expected, "\(path) below \(root)")
    }
  }

  @Test func whatStandsBesideAFileIsInsideToo() throws {
    #expect(try files.path("/run/pod/token") == folder["root/run/pod/2024/token"])
    #expect(try files.path("ca.crt", beside: files.path("/run/pod/token")) == folder["root/run/pod/2024/ca.crt"])
    #expect(try !files.path("ca.crt", beside: folder["root/run/pod/token"]).hasSuffix("root/run/pod/ca.crt"))
    #expect(try files.path("ca.crt", beside: "/elsewhere/token") == "/elsewhere/ca.crt")
    #expect(try files.path("ca.crt", beside: "token") == "ca.crt")
    #expect(try HostFiles(root: nil).path("../a") == "../a")
    #expect(try HostFiles(root: "/").path("/nonexistent/../etc") == "/etc")
    #expect(throws: FileError.self) { try files.path("/circle") }
  }

  @Test func aRootIsADirectoryThatIsThere() throws {
    try files.check()
    try HostFiles(root: nil).check()
    for root in ["", folder["nothing"], folder["secret"]] {
      #expect(throws: FileError.self) { try HostFiles(root: root).check() }
    }
  }

  @Test func aPathThatNoSystemOpensIsNotFollowed() {
    let began = processorTime
    #expect(read(String(repeating: "/n", count: 20_000), files) == "missing")
    #expect(throws: FileError.self) { try files.path(String(repeating: "/n", count: 2048)) }
    #expect(processorTime - began < 1)
  }

  @Test func aPipeIsNotWaitedFor() throws {
    #expect(try execute("mkfifo", ["root/pipe"], in: folder.path).status == 0)
    #expect(read("/pipe", files) == "unknown")
  }
}
