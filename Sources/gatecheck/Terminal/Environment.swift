import Glibc

/// The process's environment, read once a name is asked for.
struct ProcessEnvironment: Sendable {
  subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Every variable, for the commands in which placeholders are resolved from the process.
  var all: [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let equals = pair.utf8.firstIndex(of: UInt8(ascii: "=")) {
        result[String(pair[..<equals])] = String(pair[pair.utf8.index(after: equals)...])
      }
      entry += 1
    }
    return result
  }
}
