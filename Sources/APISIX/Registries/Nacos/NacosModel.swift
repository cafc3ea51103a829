enum NacosModel: RegistryModel {
  static let modules: Set = ["schema", "client"]
  static let arguments = ["namespace_id", "group_name"]
  static let servers: String? = "host"
  static let credentials = [["secret_key"]]
  static let failure: LoadFailure? = (Words(.dictUnconfigured, RegistryKind.nacos.key), .all, nil)

  static func schema(_ release: Release) -> Schema {
    .object(
      [
        ("host", .array(of: .string(.nacosHost, minLength: 2, maxLength: 100))),
        ("fetch_interval", .integer(1, fallback: 30)),
        ("prefix", .string(.nacosPrefix, maxLength: 100, fallback: "/nacos/v1/")),
        ("weight", .integer(1, fallback: 100)),
        ("timeout", .timeout([("connect", 2000), ("send", 2000), ("read", 5000)])),
      ]
        + release.with(
          .nacosKeys, ("access_key", .string(fallback: "")), ("secret_key", .string(fallback: ""))),
      required: ["host"])
  }
}
