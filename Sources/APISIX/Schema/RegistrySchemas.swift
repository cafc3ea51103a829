/// The schemas of the registries other than kubernetes.
enum RegistrySchemas {
  static func nacos(_ release: Release) -> Schema {
    var properties: [(String, Schema)] = [
      ("host", .array(of: .string(.nacosHost, minLength: 2, maxLength: 100))),
      ("fetch_interval", .integer(1, fallback: 30)),
      ("prefix", .string(.nacosPrefix, maxLength: 100, fallback: "/nacos/v1/")),
      ("weight", .integer(1, fallback: 100)),
      ("timeout", timeout([("connect", 2000), ("send", 2000), ("read", 5000)])),
    ]
    if release >= Release(3, 7) {
      properties += [("access_key", .string(fallback: "")), ("secret_key", .string(fallback: ""))]
    }
    return .object(properties, required: ["host"])
  }

  static func consul(_ release: Release) -> Schema {
    var properties = consulCommon(release)
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

  static func consulKV(_ release: Release) -> Schema {
    .object(
      consulCommon(release) + [("prefix", .string(fallback: "upstreams")), ("skip_keys", .array(of: .string()))]
        + dumpAndDefault, required: ["servers"])
  }

  static func eureka(_ release: Release) -> Schema {
    .object(
      [
        ("host", .array(of: .string())),
        ("fetch_interval", .integer(1, fallback: 30)),
        ("prefix", .string()),
        ("weight", .integer(0)),
        ("timeout", timeout([("connect", 2000), ("send", 2000), ("read", 5000)], whenAbsent: false)),
      ], required: ["host"])
  }

  static func dns(_ release: Release) -> Schema {
    var properties: [(String, Schema)] = [("servers", .array(of: .string()))]
    if release >= Release(3, 6) { properties.append(("resolv_conf", .string())) }
    if release >= Release(2, 99) {
      let words = Schema.word(["last", "SRV", "A", "AAAA", "CNAME"], type: nil)
      properties.append(("order", .array(of: words, maxItems: 5, unique: true)))
    }
    guard release >= Release(3, 6) else { return .object(properties, required: ["servers"]) }
    return .object(properties, oneOf: [.requiring(["servers"]), .requiring(["resolv_conf"])])
  }

  static func tars(_ release: Release) -> Schema {
    let name = Schema.string(minLength: 1, maxLength: 64)
    let database = Schema.object(
      [
        ("host", .string(.databaseHost, minLength: 1, maxLength: 500)),
        ("port", .integer(1, 65535, fallback: 3306)),
        ("database", name), ("user", name), ("password", name),
      ], required: ["host", "database", "user", "password"])
    return .object(
      [
        ("db_conf", database),
        ("full_fetch_interval", .integer(90, 3600, fallback: 300)),
        ("incremental_fetch_interval", .integer(5, 60, fallback: 15)),
        ("default_weight", .integer(0, 100, fallback: 100)),
      ], required: ["db_conf"])
  }

  private static func consulCommon(_ release: Release) -> [(String, Schema)] {
    var properties: [(String, Schema)] = [("servers", .array(of: .string()))]
    if release >= Release(3, 7) { properties.append(("token", .string(fallback: ""))) }
    return properties + [
      ("fetch_interval", .integer(1, fallback: 3)),
      ("keepalive", .boolean(fallback: true)),
      ("weight", .integer(1, fallback: 1)),
      ("timeout", timeout([("connect", 2000), ("read", 2000), ("wait", 60)])),
    ]
  }

  private static var dumpAndDefault: [(String, Schema)] {
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

  /// - Parameter whenAbsent: whether it is filled in as a whole as well.
  private static func timeout(_ members: [(String, Double)], whenAbsent: Bool = true) -> Schema {
    .object(
      members.map { ($0.0, .integer(1, fallback: $0.1)) },
      fallback: whenAbsent ? .object(members.map { ($0.0, .number($0.1)) }) : nil)
  }
}
