extension String {
  func trimmingLineEnd() -> Substring {
    // "\r\n" is one Character, so the scalars are what must be looked at.
    var rest = unicodeScalars[...]
    while let last = rest.last, last == "\r" || last == "\n" { rest.removeLast() }
    return Substring(rest)
  }
}

extension Substring {
  func trimmingBlanks() -> Substring {
    var rest = drop { $0 == " " || $0 == "\t" }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return rest
  }
}
