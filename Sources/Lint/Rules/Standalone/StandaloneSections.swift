import Findings

enum StandaloneSections {
  static let rule: Rule = """
    standalone/unknown-key (warning): APISIX reads no such list in a standalone file
    Checks: Lists of objects at the top of apisix.yaml whose key is nearly that of a list that APISIX reads, or one of \
    these with a word before it.
    Why: APISIX ignores a key that it does not know, without a word: what stands below it is not there.
    Example:
    stream_upstreams:
      - id: db
        nodes: {"10.5.10.109:5432": 1}
    Fix: upstreams:
      - id: db
        nodes: {"10.5.10.109:5432": 1}
    """

  static func check(_ top: Field) -> [Finding] {
    top.members.compactMap { member in
      guard member.value.items.contains(where: \.isMapping), let meant = ResourceSigns.meant(member.key) else {
        return nil
      }
      return member.finding(
        rule, "APISIX reads no \(member.key) and ignores it",
        help: top[meant] == nil ? "write \(meant)" : "put its items under \(meant)",
        fix: top[meant] == nil ? Fix(safe: false, edits: member.renaming(to: meant).edits) : nil)
    }
  }
}
