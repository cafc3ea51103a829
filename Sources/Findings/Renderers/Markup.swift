import SourceText

/// Attributes of an element of XML or HTML, a blank before each.
package func markup(_ attributes: [(String, String)]) -> String {
  // Line breaks would be read as blanks there.
  attributes.map { " \($0.0)=\"\(markup($0.1).escaped(["\n": "&#10;"]))\"" }.joined()
}

/// Escaped for XML 1.0 and HTML, which viewers show to people: what they cannot hold and what is not seen is spelt out.
package func markup(_ text: String) -> String {
  viewerSafe(text).escaped { scalar in
    switch scalar.value {
    case 0x26: "&amp;"
    case 0x3C: "&lt;"
    case 0x3E: "&gt;"
    case 0x22: "&quot;"
    case 0x27: "&#39;"
    case 0xFFFE...0xFFFF: ""
    default: nil
    }
  }
}
