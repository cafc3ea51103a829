enum DNSSchema {
  static func schema(_ release: Release) -> Schema {
    var properties: [(String, Schema)] = [("servers", .array(of: .string()))]
    if release >= Release(3, 6) { properties.append(("resolv_conf", .string())) }
    if release >= Release(2, 99) {
      let words = Schema.word(["last", "SRV", "A", "AAAA", "CNAME"], type: nil)
      properties.append(("order", .array(of: words, maxItems: 5, unique: true)))
    }
    guard release >= Release(3, 6) else { return .object(properties, required: ["servers"]) }
    return .object(properties, oneOf: [.requiring(["servers"]), .requiring(["resolv_conf"])])
  }
}
