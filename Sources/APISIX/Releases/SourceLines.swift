/// Where the sentences that come most often stand in each release's source. A hint at the release that wrote a log, never
/// a proof: images may be patched.
struct SourceLines {
  let since: Release
  /// informer_factory.lua: connect, list and watch failed.
  let informer: [Int]
  /// kubernetes/init.lua, from 3.17 on core.lua: a name that does not fit, with one cluster and with several.
  let names: [Int]
  /// apisix/init.lua: the upstream of a request, of a stream.
  let upstream: [Int]
  /// The first line that reads an object's subsets; nil where it is not known.
  let subsets: Int?

  init(_ since: Release, _ informer: [Int], _ names: [Int], _ upstream: [Int], _ subsets: Int?) {
    self.since = since
    self.informer = informer
    self.names = names
    self.upstream = upstream
    self.subsets = subsets
  }

  static func of(_ release: Release) -> SourceLines? { all.last { $0.since <= release } }

  /// Before 3.17 the registry was one file.
  var file: String { since < Release(3, 17) ? "init" : "core" }

  private static let all = [
    SourceLines(Release(2, 13, 0), [278, 292, 307], [309], [512, 925], 63),
    SourceLines(Release(2, 13, 2), [278, 292, 307], [309], [530, 943], 63),
    SourceLines(Release(2, 13, 3), [281, 295, 310], [309], [534, 943], 63),
    SourceLines(Release(2, 14, 0), [278, 292, 307], [309], [517, 942], 63),
    SourceLines(Release(2, 15, 0), [281, 295, 310], [309], [540, 965], 63),
    SourceLines(Release(2, 15, 1), [281, 295, 310], [309], [540, 961], 63),
    SourceLines(Release(2, 15, 2), [281, 295, 310], [309], [545, 966], 63),
    SourceLines(Release(2, 15, 3), [281, 295, 310], [309], [590, 1011], 63),
    SourceLines(.preview, [281, 295, 310], [384, 482], [428, 973], nil),
    SourceLines(Release(3, 1, 0), [281, 295, 310], [384, 482], [441, 990], nil),
    SourceLines(Release(3, 2, 0), [281, 295, 310], [400, 498], [486, 1045], 64),
    SourceLines(Release(3, 2, 2), [281, 295, 310], [400, 498], [492, 1051], 64),
    SourceLines(Release(3, 4, 0), [281, 295, 310], [400, 498], [521, 1084], 64),
    SourceLines(Release(3, 5, 0), [281, 295, 310], [400, 498], [551, 1116], 64),
    SourceLines(Release(3, 7, 0), [281, 295, 310], [400, 498], [549, 1143], 64),
    SourceLines(Release(3, 8, 0), [281, 295, 310], [400, 498], [545, 1136], 64),
    SourceLines(Release(3, 9, 0), [281, 295, 310], [473, 582], [548, 1144], nil),
    SourceLines(Release(3, 10, 0), [281, 295, 310], [473, 582], [541, 1137], nil),
    SourceLines(Release(3, 12, 0), [281, 295, 310], [473, 582], [539, 1135], nil),
    SourceLines(Release(3, 13, 0), [281, 295, 310], [490, 599], [564, 1205], 127),
    SourceLines(Release(3, 14, 0), [281, 295, 310], [493, 602], [565, 1295], nil),
    SourceLines(Release(3, 15, 0), [281, 295, 310], [616, 728], [566, 1319], 231),
    SourceLines(Release(3, 16, 0), [281, 295, 310], [616, 728], [575, 1344], 231),
    SourceLines(Release(3, 17, 0), [302, 316, 335], [701], [578, 1390], 460),
    SourceLines(Release(3, 18, 0), [302, 316, 335], [704], [646, 1500], 463),
  ]
}

extension Sentence {
  /// Where a release has the sentence, as its error.log names it: `informer_factory.lua:316`; none where that is not known.
  public func places(in release: Release) -> [String] {
    guard let lines = SourceLines.of(release) else { return [] }
    return switch self {
    case .connectFailed: ["informer_factory.lua:\(lines.informer[0])"]
    case .listFailed: ["informer_factory.lua:\(lines.informer[1])"]
    case .watchFailed: ["informer_factory.lua:\(lines.informer[2])"]
    case .nameUnexpected: lines.names.map { "\(lines.file).lua:\($0)" }
    case .upstreamUnset: lines.upstream.map { "init.lua:\($0)" }
    default: []
    }
  }
}
