enum ConsulKVModel: RegistryModel {
  static let servers = ConsulModel.servers
  static let credentials = ConsulModel.credentials
  static let failure: LoadFailure? = (Words(.badIndex, "local 'consul_conf'", "nil"), .all, nil)

  static func schema(_ release: Release) -> Schema {
    .object(
      ConsulModel.common(release) + [("prefix", .string(fallback: "upstreams")), ("skip_keys", .array(of: .string()))]
        + ConsulModel.dumpAndDefault, required: ["servers"])
  }

  static func start(_ section: LuaValue, _ conditions: Conditions) -> RegistryStart {
    ConsulStart.start(.consulKV, section, conditions)
  }
}
