import Foundation
import TestSupport
import Testing

/// Every `console` block of the READMEs and of docs/ is run in a copy of docs/examples, with bash: what the reader sees
/// there is what gatecheck prints. A line of `…` alone stands for any lines. Blocks marked `console cluster` need the
/// API server of `make cluster` and run where GATECHECK_CLUSTER_EXAMPLES names its folder.
@Suite struct DocumentTests {
  struct Block: CustomTestStringConvertible, Sendable {
    let document: String
    let line: Int
    let needsCluster: Bool
    let lines: [String]
    var testDescription: String { "\(document):\(line)" }

    /// Commands, each with the lines that are shown below it.
    var steps: [(command: String, shown: [String])] {
      var steps: [(command: String, shown: [String])] = []
      for line in lines {
        if line.hasPrefix("$ ") {
          steps.append((String(line.dropFirst(2)), []))
        } else if !steps.isEmpty {
          steps[steps.count - 1].shown.append(line)
        }
      }
      return steps
    }
  }

  private static let documents =
    ["README.md", "README.zh-CN.md"]
    + Checkout.files(below: Checkout.path("docs"), suffix: ".md").map { "docs/" + $0 }

  static let blocks: [Block] = {
    documents.filter { !$0.hasPrefix("docs/rules/") }.flatMap { document -> [Block] in
      var blocks: [Block] = []
      var open: (line: Int, cluster: Bool, lines: [String])?
      let text = (try? Checkout.text(document)) ?? ""
      for (index, line) in text.components(separatedBy: "\n").enumerated() {
        if let block = open {
          if line == "```" {
            blocks.append(
              Block(document: document, line: block.line, needsCluster: block.cluster, lines: block.lines))
            open = nil
          } else {
            open?.lines.append(line)
          }
        } else if line.hasPrefix("```console") {
          open = (index + 2, line.contains("cluster"), [])
        }
      }
      return blocks
    }
  }()

  private static let cluster = ProcessInfo.processInfo.environment["GATECHECK_CLUSTER_EXAMPLES"]

  @Test func theReadmeShowsTheMainUses() throws {
    let commands = Self.blocks.filter { $0.document == "README.md" }.flatMap(\.steps).map(\.command)
    for part in ["gatecheck lint", "--diff", "rbac generate", "resolve", "explain"] {
      #expect(commands.contains { $0.contains(part) }, "README shows no \(part)")
    }
    let readme = try Checkout.text("README.md")
    for command in ["make run", "make test"] { #expect(readme.contains(command)) }
  }

  @Test(arguments: blocks.filter { !$0.needsCluster }) func everyCommandPrintsWhatIsShown(block: Block) throws {
    let folder = try Folder(copyOf: Checkout.examples)
    try check(block, in: folder.path)
    withExtendedLifetime(folder) {}
  }

  @Test(
    .enabled(if: cluster != nil, "GATECHECK_CLUSTER_EXAMPLES is not set"),
    arguments: blocks.filter(\.needsCluster))
  func everyCommandOnAClusterPrintsWhatIsShown(block: Block) throws {
    try check(block, in: try #require(Self.cluster))
  }

  private func check(_ block: Block, in folder: String) throws {
    let mark = "--- next"
    // Each command sees the status of the one before, so that `echo $?` works.
    let script = block.steps.map { "\($0.command)\nstatus=$?; printf '\\n\(mark)\\n'; (exit $status)" }
    let bin = (Checkout.binary as NSString).deletingLastPathComponent
    let assets = ProcessInfo.processInfo.environment["GATECHECK_KUBE_ASSETS"] ?? "/usr/bin"
    let environment = [
      "PATH": "\(bin):\(assets):/usr/bin:/bin", "KUBECONFIG": folder + "/.cluster/admin.kubeconfig",
    ]
    let ended = try bash("exec 2>&1\n" + script.joined(separator: "\n"), in: folder, environment: environment)
    let parts = ended.output.components(separatedBy: "\n\(mark)\n")
    for (step, part) in zip(block.steps, parts) {
      let printed = part.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      #expect(
        Self.matches(trimmed(step.shown)[...], trimmed(printed)[...]),
        "\(block.document):\(block.line): `\(step.command)` prints\n\(part)")
    }
  }

  private func trimmed(_ lines: [String]) -> [String] { Array(lines.reversed().drop(while: \.isEmpty).reversed()) }

  private static func matches(_ shown: ArraySlice<String>, _ printed: ArraySlice<String>) -> Bool {
    guard let first = shown.first else { return printed.isEmpty }
    if first == "…" {
      return (printed.startIndex...printed.endIndex).contains { matches(shown.dropFirst(), printed[$0...]) }
    }
    return printed.first == first && matches(shown.dropFirst(), printed.dropFirst())
  }

  @Test func everyLinkLeadsSomewhere() throws {
    for document in Self.documents {
      let folder = (document as NSString).deletingLastPathComponent
      for match in try Checkout.text(document).matches(of: #/\]\(([^)#\s]+)[^)]*\)/#) {
        let target = String(match.1)
        if target.contains("://") || target.hasPrefix("mailto:") { continue }
        let path = Checkout.path(folder.isEmpty ? target : folder + "/" + target)
        #expect(FileManager.default.fileExists(atPath: path), "\(document): \(target)")
      }
    }
  }
}
