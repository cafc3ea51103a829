/// Where the sentences that come most often stand in each release's source: from a release on, the lines. A hint at the
/// release that wrote a log, never a proof: images may be patched.
enum SourceLines {
  typealias Series = [(since: Release, lines: [Int])]

  /// informer_factory.lua: connect, list and watch failed.
  static let informer: Series = [
    (Release(2, 13, 0), [278, 292, 307]), (Release(2, 13, 3), [281, 295, 310]), (Release(2, 14, 0), [278, 292, 307]),
    (Release(2, 15, 0), [281, 295, 310]), (Release(3, 17, 0), [302, 316, 335]),
  ]
  /// kubernetes/init.lua, from 3.17 on core.lua: a name that does not fit, with one cluster and with several.
  static let names: Series = [
    (Release(2, 13, 0), [309]), (.preview, [384, 482]), (Release(3, 2, 0), [400, 498]), (Release(3, 9, 0), [473, 582]),
    (Release(3, 13, 0), [490, 599]), (Release(3, 14, 0), [493, 602]), (Release(3, 15, 0), [616, 728]),
    (Release(3, 17, 0), [701]), (Release(3, 18, 0), [704]),
  ]
  /// The same files: the line that goes through an object's subsets; none where it is not known, here and below.
  static let subsets: Series = [
    (Release(2, 13, 0), [63]), (.preview, []), (Release(3, 2, 0), [64]), (Release(3, 9, 0), []),
    (Release(3, 13, 0), [127]), (Release(3, 14, 0), []), (Release(3, 15, 0), [231]), (Release(3, 17, 0), [460]),
    (Release(3, 18, 0), [463]),
  ]
  /// The same files: the line that makes the key of an Endpoints object, the first of the comparison of two nodes, and
  /// the one that goes through the endpoints of a slice.
  private static let keys: Series = [
    (Release(2, 15, 0), [99]), (.preview, []), (Release(3, 2, 0), [100]), (Release(3, 9, 0), []),
    (Release(3, 13, 0), [163]), (Release(3, 14, 0), []), (Release(3, 15, 0), [266]), (Release(3, 17, 0), []),
    (Release(3, 18, 0), [57]),
  ]
  private static let order: Series = [(Release(3, 15, 0), [50]), (Release(3, 17, 0), []), (Release(3, 18, 0), [47])]
  private static let slices: Series = [(Release(3, 15, 0), [140]), (Release(3, 17, 0), []), (Release(3, 18, 0), [359])]
  /// kubernetes/init.lua: two clusters have one id, in `init` and in `init_worker`.
  private static let ids: Series = [
    (.preview, []), (Release(3, 2, 0), [449, 423]), (Release(3, 9, 0), []), (Release(3, 13, 0), [539, 513]),
    (Release(3, 14, 0), []), (Release(3, 15, 0), [665, 639]), (Release(3, 17, 0), []), (Release(3, 18, 0), [131, 105]),
  ]
  /// informer_factory.lua: where the token is sent.
  private static let tokens: Series = [(Release(3, 13, 0), [53])]

  /// A line of 3.18.0 as another release has it: blocks that moved as a whole. nil where that is not known.
  static func place(_ file: LuaFile, _ line: Int, in release: Release) -> (file: String, line: Int)? {
    let blocks: [(ClosedRange<Int>, Series)] =
      switch file {
      case .core: [(463...484, subsets), (57...57, keys), (47...49, order), (359...362, slices)]
      case .initialiser: [(105...105, ids.map { ($0.since, $0.lines.suffix(1)) }), (131...131, ids)]
      case .factory:
        [(53...53, tokens), (82...82, [(Release(3, 17, 0), [82])]), (174...174, [(Release(3, 17, 0), [174])])]
      }
    let block = blocks.first { $0.0.contains(line) } ?? (line...line, [(Release(3, 18, 0), [line])])
    guard let first = lines(block.1, in: release).first else { return nil }
    return (file == .core ? Self.file(in: release) : file.rawValue, line - block.0.lowerBound + first)
  }

  /// apisix/init.lua: the upstream of a request and of a stream.
  static let upstream: Series = [
    (Release(2, 13, 0), [512, 925]), (Release(2, 13, 2), [530, 943]), (Release(2, 13, 3), [534, 943]),
    (Release(2, 14, 0), [517, 942]), (Release(2, 15, 0), [540, 965]), (Release(2, 15, 1), [540, 961]),
    (Release(2, 15, 2), [545, 966]), (Release(2, 15, 3), [590, 1011]), (.preview, [428, 973]),
    (Release(3, 1, 0), [441, 990]), (Release(3, 2, 0), [486, 1045]), (Release(3, 2, 2), [492, 1051]),
    (Release(3, 4, 0), [521, 1084]), (Release(3, 5, 0), [551, 1116]), (Release(3, 7, 0), [549, 1143]),
    (Release(3, 8, 0), [545, 1136]), (Release(3, 9, 0), [548, 1144]), (Release(3, 10, 0), [541, 1137]),
    (Release(3, 12, 0), [539, 1135]), (Release(3, 13, 0), [564, 1205]), (Release(3, 14, 0), [565, 1295]),
    (Release(3, 15, 0), [566, 1319]), (Release(3, 16, 0), [575, 1344]), (Release(3, 17, 0), [578, 1390]),
    (Release(3, 18, 0), [646, 1500]),
  ]

  static func lines(_ series: Series, in release: Release) -> [Int] { series.last { $0.since <= release }?.lines ?? [] }

  /// The kubernetes registry was one file first.
  static func file(in release: Release) -> String { release < Release(3, 17) ? "init" : "core" }
}

extension Sentence {
  /// Where a release has the sentence, as error.log names it, `informer_factory.lua:316`; none where it is not known.
  public func places(in release: Release) -> [String] {
    func places(_ file: String, _ lines: some Sequence<Int>) -> [String] { lines.map { "\(file).lua:\($0)" } }
    let informer = SourceLines.lines(SourceLines.informer, in: release)
    return switch self {
    case .connectFailed: places("informer_factory", informer.prefix(1))
    case .listFailed: places("informer_factory", informer.dropFirst().prefix(1))
    case .watchFailed: places("informer_factory", informer.suffix(1))
    case .nameUnexpected: places(SourceLines.file(in: release), SourceLines.lines(SourceLines.names, in: release))
    case .upstreamUnset: places("init", SourceLines.lines(SourceLines.upstream, in: release))
    default: []
    }
  }
}
