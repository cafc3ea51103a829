import APISIX
import Findings
import SourceText
import YAML

enum ZoneSize {
  static let rule: Rule = """
    nginx/zone-size (note): A zone of shared memory is larger than most machines' memory
    Checks: `shared_size` of kubernetes and consul, `lua_shared_dict` and `custom_lua_shared_dict` of nginx_config: a \
    note above 4 GiB, a warning above 64 GiB.
    Why: nginx asks for all of a zone when it starts. Where the machine or the container lacks the memory it does not \
    start: `mmap(…) failed (12: Cannot allocate memory)`. The addresses of ten thousand pods fit into 64m.
    Example: shared_size: 1048576m
    Fix: shared_size: 64m
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    let registries = [(RegistryKind.kubernetes, Feature.sharedSize), (.consul, .consulSharedSize)]
    let own = registries.flatMap { kind, feature -> [(LuaValue, String)] in
      guard context.release.has(feature) else { return [] }
      return (context[kind]?.each ?? []).compactMap { $0["shared_size"] }.map { ($0.value, $0.path) }
    }
    let http = context.verdict.root?["nginx_config"]?["http"]
    let others = ["lua_shared_dict", "custom_lua_shared_dict"].flatMap { key in
      (http?[key]?.table?.entries ?? []).compactMap { entry in
        entry.key.string.map { (entry.value, "nginx_config.http.\(key).\($0)") }
      }
    }
    return (own + others).compactMap { value, path in
      guard let text = value.string, let size = mebibytes(text), size > 4096 else { return nil }
      return context.file.finding(
        rule, severity: size > 65536 ? .warning : nil,
        "\(text) is \(size >> 10) GiB of memory; nginx does not start where there is less", at: value.node, path: path,
        help: "write 64m, or as much as is needed")
    }
  }

  /// `64m`, `1g`; nil for what nginx does not take.
  private static func mebibytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard digits.count <= 15, let number = Int(digits) else { return nil }
    return switch text.dropFirst(digits.count) {
    case "m", "M": number
    case "g", "G": number << 10
    case "k", "K": number >> 10
    case "": number >> 20
    default: nil
    }
  }
}
