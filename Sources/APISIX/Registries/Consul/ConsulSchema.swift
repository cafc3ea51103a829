enum ConsulSchema {
  static func schema(_ release: Release) -> Schema {
    var properties = common(release)
    if release >= Release(3, 9) {
      properties.append(
        ("sort_type", .word(["origin", "host_sort", "port_sort", "combine_sort"], fallback: "origin")))
    }
    if release >= Release(3, 16) {
      properties.append(
        ("shared_size", .string(.sharedSize, fallback: release >= Release(3, 18) ? "64m" : "1m")))
    }
    properties.append(("skip_services", .array(of: .string())))
    return .object(properties + dumpAndDefault, required: ["servers"])
  }

  // MARK: What consul_kv has as well

  static func common(_ release: Release) -> [(String, Schema)] {
    var properties: [(String, Schema)] = [("servers", .array(of: .string()))]
    if release >= Release(3, 7) { properties.append(("token", .string(fallback: ""))) }
    return properties + [
      ("fetch_interval", .integer(1, fallback: 3)),
      ("keepalive", .boolean(fallback: true)),
      ("weight", .integer(1, fallback: 1)),
      ("timeout", .timeout([("connect", 2000), ("read", 2000), ("wait", 60)])),
    ]
  }

  static var dumpAndDefault: [(String, Schema)] {
    let numbers = ["fail_timeout", "weight", "max_fails"]
    let metadata = Schema.object(
      numbers.map { ($0, .integer(fallback: 1)) }, fallback: .object(numbers.map { ($0, .number(1)) }))
    return [
      (
        "dump",
        .object(
          [
            ("path", .string(minLength: 1)), ("load_on_init", .boolean(fallback: true)),
            ("expire", .integer(fallback: 0)),
          ], required: ["path"])
      ),
      ("default_service", .object([("host", .string()), ("port", .integer()), ("metadata", metadata)])),
    ]
  }
}
