/// Who reads a text: what is YAML to one is none to the other.
public enum YAMLReader: Sendable, Hashable {
  /// libyaml, under most programs.
  case libyaml
  /// tinyyaml, a reader in Lua that goes by lines and knows a part of YAML.
  case tinyyaml(TinyYAML)
}

/// The releases of tinyyaml that differ.
public enum TinyYAML: Sendable, Hashable {
  /// 0.4.2: a block scalar as an item of a list is a Lua error.
  case v042
  /// 0.4.4: `''` stands for a quote, `...` ends a map.
  case v044
}

/// Why tinyyaml stops: its own messages, and those of Lua where it stumbles.
enum TinyFault {
  case badIndent, unclassified, notFlow, noContent, notBlockHeader, loneTag, loneStar, several
  case unnumbered, secondDocument, emptyTag, flowTop, flowNoKey, flowNoValue, notTable, flowItem

  var text: String {
    switch self {
    case .badIndent: "found bad indenting in line: "
    case .unclassified: "failed to classify line: "
    case .notFlow: "invalid flowstyle line: "
    case .noContent: "failed to find multi-line scalar content"
    case .notBlockHeader: "invalid blockstyle string:"
    case .loneTag: "unsupported line: "
    case .loneStar: "did not find expected alphabetic or numeric character"
    case .several: "parse error: "
    case .unnumbered: "attempt to compare nil with number"
    case .secondDocument: "bad argument #1 to 'ssub' (string expected, got table)"
    case .emptyTag: "attempt to get length of local 'typename' (a nil value)"
    case .flowTop, .flowNoKey: "attempt to index a nil value"
    case .flowNoValue: "nil"
    case .notTable: "bad argument #1 to 'rawget' (table expected, got string)"
    case .flowItem: "bad argument #2 to 'tinsert' (number expected, got table)"
    }
  }

  /// Whether the line follows in the message.
  var quotesLine: Bool { text.hasSuffix(":") || text.hasSuffix(": ") }

  /// Where it stands in tinyyaml.lua.
  func line(_ version: TinyYAML, inList: Bool) -> Int {
    let (old, new) =
      switch self {
      case .badIndent: inList ? (534, 548) : (690, 713)
      case .unclassified: (707, 730)
      case .notFlow: (324, 338)
      case .noContent: (335, 349)
      case .notBlockHeader: (387, 401)
      case .loneTag: (469, 485)
      case .loneStar: (204, 217)
      case .several: (786, 809)
      case .unnumbered: (343, 357)
      case .secondDocument: (41, 43)
      case .emptyTag: (717, 740)
      case .flowNoValue: (291, 305)
      case .flowNoKey: (295, 309)
      case .flowItem: (601, 617)
      case .flowTop: (292, 306)
      case .notTable: (256, 269)
      }
    return version == .v042 ? old : new
  }
}
