enum DNSSchema {
  static func schema(_ release: Release) -> Schema {
    let words = Schema.word(["last", "SRV", "A", "AAAA", "CNAME"], type: nil)
    let properties =
      [("servers", .array(of: .string()))] + release.with(.resolvConf, ("resolv_conf", .string()))
      + release.with(.dnsOrder, ("order", .array(of: words, maxItems: 5, unique: true)))
    return release.has(.resolvConf)
      ? .object(properties, oneOf: [.requiring(["servers"]), .requiring(["resolv_conf"])])
      : .object(properties, required: ["servers"])
  }
}
