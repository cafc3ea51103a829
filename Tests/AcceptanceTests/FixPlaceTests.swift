import Foundation
import TestSupport
import Testing

/// Where `--fix` writes, and what it says where it cannot.
@Suite struct FixPlaceTests {
  private static let config = "discovery:\n  kubernetes:\n    service: {host: 10.0.0.1, port: 6443}\n"
  private static let mended = config.replacing("6443", with: "\"6443\"")

  @Test(arguments: [["in/config.yaml"], ["in"], ["in/"], ["."]])
  func aFixNeverLeavesTheFolderThroughALink(paths: [String]) throws {
    let folder = try Folder(["out/there.txt": Self.config, "in/other.yaml": "a: 1\n"])
    try folder.link("in/config.yaml", to: "../out/there.txt")
    let ended = try gatecheck(["lint", "--fix"] + paths, in: folder.path)
    #expect(ended.status == 3)
    #expect(
      ended.output.contains("it is a link that leads out of its folder; name ")
        && ended.output.contains("/out/there.txt itself"))
    #expect(try folder.read("out/there.txt") == Self.config)
    #expect(folder.names() == ["in/config.yaml", "in/other.yaml", "out/there.txt"])
  }

  @Test func aLinkWithinTheFolderIsFollowed() throws {
    // As Kubernetes mounts a ConfigMap.
    let folder = try Folder(["conf/..1/config.yaml": Self.config])
    try folder.link("conf/..data", to: "..1")
    try folder.link("conf/config.yaml", to: "..data/config.yaml")
    #expect(try gatecheck("lint", "-q", "--fix", "conf/config.yaml", in: folder.path).status == 0)
    #expect(try folder.read("conf/..1/config.yaml") == Self.mended)
  }

  @Test func otherNamesOfAFileAreTold() throws {
    let folder = try Folder(["config.yaml": Self.config])
    try FileManager.default.linkItem(atPath: folder["config.yaml"], toPath: folder["same.txt"])
    let ended = try gatecheck("lint", "--fix", "config.yaml", in: folder.path)
    #expect(
      ended.errors.contains("config.yaml: 1 fixed; the file's other name (hard links) kept the old text"))
    #expect(try folder.read("config.yaml") == Self.mended)
    #expect(try folder.read("same.txt") == Self.config)
  }

  @Test func aFileThatMayNotGrowIsToldAndStays() throws {
    let folder = try Folder(["config.yaml": Self.config + String(repeating: "# a long file\n", count: 4000)])
    let text = try folder.read("config.yaml")
    let ended = try bash("ulimit -f 8; gatecheck lint --fix -o json config.yaml", in: folder.path)
    #expect(ended.status == 3 && ended.rules == ["input/not-written"])
    #expect(ended.output.contains("the limit on the size of files is reached"))
    #expect(try folder.read("config.yaml") == text)
    #expect(folder.names() == ["config.yaml"])
  }

  /// Whatever is written.
  @Test(arguments: ["lint config.yaml -o json=report.json", "rules -o json >rules.json"])
  func aReportThatMayNotGrowIsTold(call: String) throws {
    let folder = try Folder(["config.yaml": Self.config])
    let ended = try bash("ulimit -f 1; gatecheck \(call)", in: folder.path)
    #expect(ended.status == 3 && ended.errors.contains("File too large"), "\(ended)")
  }

  private static let mayMount = (try? bash("unshare -rm mount -t tmpfs none /mnt").status) == 0

  @Test(
    .enabled(if: mayMount, "nothing can be mounted here: unshare -rm"),
    arguments: [
      ("head -c 1M /dev/zero >d/full 2>/dev/null", "no space left"),
      ("mount -o remount,ro d", "the file system is read-only"),
    ])
  func aDiskThatTakesNothingIsTold(spoil: String, reason: String) throws {
    let folder = try Folder(["config.yaml": Self.config])
    let ended = try bash(
      """
      mkdir d && unshare -rm bash -c 'mount -t tmpfs -o size=64k none d && cp config.yaml d/ && { \(spoil); true; }
        gatecheck lint --fix d; echo "status $?"; ls -A d; cmp config.yaml d/config.yaml && echo same'
      """, in: folder.path)
    #expect(ended.output.contains(reason) && ended.output.contains("status 3"), "\(ended.output)\(ended.errors)")
    #expect(ended.output.hasSuffix("same\n") && !ended.output.contains(".gatecheck-"), "\(ended.output)")
  }
}
