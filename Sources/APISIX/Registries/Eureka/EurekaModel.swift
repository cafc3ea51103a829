enum EurekaModel: RegistryModel {
  static let servers: String? = "host"
  static let failure: LoadFailure? = (Words(.badIndex, "field '\(RegistryKind.eureka.key)'", "nil"), .all, nil)

  static func schema(_ release: Release) -> Schema {
    .object(
      [
        ("host", .array(of: .string())),
        ("fetch_interval", .integer(1, fallback: 30)),
        ("prefix", .string()),
        ("weight", .integer(0)),
        ("timeout", .timeout([("connect", 2000), ("send", 2000), ("read", 5000)], whenAbsent: false)),
      ], required: ["host"])
  }
}
