enum ConsulModel: RegistryModel {
  static let since: Feature? = .consul
  static let modules: Set = ["schema", "client"]
  static let servers: String? = "servers"
  static let credentials = [["token"]]

  static func schema(_ release: Release) -> Schema {
    let order = Schema.word(["origin", "host_sort", "port_sort", "combine_sort"], fallback: "origin")
    return .object(
      common(release) + release.with(.consulSort, ("sort_type", order))
        + release.with(.consulSharedSize, ("shared_size", .sharedSize(release)))
        + [("skip_services", .array(of: .string()))] + dumpAndDefault, required: ["servers"])
  }

  static func start(_ section: LuaValue, _ conditions: Conditions) -> RegistryStart {
    ConsulStart.start(.consul, section, conditions)
  }

  // MARK: What consul_kv has as well

  static func common(_ release: Release) -> [(String, Schema)] {
    [("servers", .array(of: .string()))] + release.with(.consulToken, ("token", .string(fallback: ""))) + [
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
