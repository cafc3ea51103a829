enum ConsulKVSchema {
  static func schema(_ release: Release) -> Schema {
    .object(
      ConsulSchema.common(release) + [("prefix", .string(fallback: "upstreams")), ("skip_keys", .array(of: .string()))]
        + ConsulSchema.dumpAndDefault, required: ["servers"])
  }
}
