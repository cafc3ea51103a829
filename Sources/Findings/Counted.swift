/// A time in words, in the unit that tells enough of it: `9 minutes`, `23 hours`, `14 days`.
public func span(_ seconds: Int) -> String {
  switch seconds {
  case ..<60: counted(max(seconds, 0), "second")
  case ..<7200: counted(seconds / 60, "minute")
  case ..<172_800: counted(seconds / 3600, "hour")
  default: counted(seconds / 86_400, "day")
  }
}

/// A number with its noun: `1 node`, `2 nodes`, `3 addresses`.
public func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : noun.hasSuffix("s") ? "es" : "s")"
}
