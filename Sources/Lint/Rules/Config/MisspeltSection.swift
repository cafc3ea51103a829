import Findings
import YAML

enum MisspeltSection {
  static let rule: Rule = """
    config/misspelt-section (warning, since 2.1.0): A section of config.yaml is misspelt
    Checks: Top-level keys that are nearly the name of a section of config.yaml and hold what that section holds. A \
    misspelt discovery is discovery/not-top-level.
    Why: APISIX ignores a section that it does not know, without a word, and runs with the defaults in its place: \
    without the role, the etcd and the keys of the Admin API that the file gives.
    Example:
    deploymnet:
      role: data_plane
      role_data_plane: {config_provider: yaml}
    Fix: deployment:
      role: data_plane
      role_data_plane: {config_provider: yaml}
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    let file = context.file
    guard let root = file.root, let pairs = file.tree.pairs(root) else { return [] }
    return pairs.prefix(200).compactMap { pair in
      guard let meant = ConfigSigns.meant(pair, in: file.tree), meant != "discovery",
        let name = file.tree.scalar(pair.key),
        file.tree.value(meant, in: root) == nil
      else { return nil }
      return file.finding(
        rule, "APISIX has no section \(quoted(name)) and ignores it", at: pair.key, path: name,
        help: "write \(meant)", fix: file.rename(pair.key, to: meant, safe: false))
    }
  }
}
