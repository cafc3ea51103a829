public import Findings
public import Inputs
import JSON
import Logs
public import Probes
import SourceText

extension DoctorAnswer {
  /// What there is to pass on of it: its document, and the files that it looked at without their secrets.
  /// - Parameter known: the credentials of this run.
  /// - Returns: the archive; nil where a secret is left in it, with where.
  public func bundle(_ report: Report, known: KnownSecrets) -> (archive: Archive?, findings: [Finding]) {
    var maker = BundleMaker(report: report, known: known)
    for kind in BundledFile.Kind.allCases { for kept in kept where kept.kind == kind { maker.take(kept) } }
    let archive = maker.archive(document: rendered(report, as: .json, RenderOptions()))
    let scan = BundleScan(report: report, known: known, credentials: maker.credentials)
    let findings = scan.findings(in: archive.members)
    return (findings.isEmpty ? archive : nil, findings)
  }
}

/// Puts a bundle together.
private struct BundleMaker {
  let report: Report
  let known: KnownSecrets
  private(set) var credentials: Set<[UInt8]> = []
  private var files: [BundledFile] = []
  private var members: [Archive.Member] = []
  /// What cannot be read is not taken in: nobody knows what stands in it.
  private var leftOut: [String] = []

  init(report: Report, known: KnownSecrets) { (self.report, self.known) = (report, known) }

  mutating func take(_ kept: Kept) {
    switch kept.content {
    case .text(let kind, let bytes):
      let isJSON = kept.path.hasSuffix(".json")
      guard let text = OpenText(bytes, isJSON: isJSON) else { return leftOut.append(kept.path) }
      credentials.formUnion(text.credentials)
      add(kind, isJSON ? "json" : "yaml", kept, text.bytes, hidden: text.hiddenLines)
    case .log(let log):
      let lines = log.samples.map { known.hidden(in: report.shown($0)) + "\n" }
      add(.log, "log", kept, Array(lines.joined().utf8))
      let groups = report.shown(JSONValue.object(log.members(Selection()))).text(pretty: true)
      add(.groups, "json", kept, Array((groups + "\n").utf8))
    }
  }

  private mutating func add(
    _ kind: BundledFile.Kind, _ ending: String, _ kept: Kept, _ bytes: [UInt8], hidden: Set<Int> = []
  ) {
    let number = files.count { $0.kind == kind } + 1
    let file = BundledFile("\(kind.rawValue)-\(number).\(ending)", kind, of: kept, hidden: hidden)
    files.append(file)
    members.append(Archive.Member(file.member, bytes))
  }

  /// In one order, with what says how to read it first.
  func archive(document: String) -> Archive {
    let list: JSONValue = [
      "bundle": 1, "gatecheck": .string(report.version), "files": .array(files.map { report.shown($0.json) }),
      "leftOut": .array(leftOut.map { report.shown(.string($0)) }),
    ]
    return Archive(
      [
        Archive.Member(Bundle.list, Array((list.text(pretty: true) + "\n").utf8)),
        Archive.Member(Bundle.document, Array(document.utf8)),
      ] + members)
  }
}
