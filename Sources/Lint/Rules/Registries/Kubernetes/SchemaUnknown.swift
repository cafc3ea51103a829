import Findings

enum SchemaUnknown {
  static let rule: Rule = """
    kubernetes/schema-unknown (error, since 2.13.0): The scheme of the API server is neither http nor https
    Checks: That `service.schema` is `http` or `https`, in lower case.
    Why: APISIX's schema allows these two words only, as they stand. With anything else it does not start: `object \
    matches none of the required`.
    Example: schema: HTTPS
    Fix: schema: https
    """

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard let schema = cluster["service", "schema"], !schema.isOpen else { return nil }
    if schema.string == "https" || schema.string == "http" { return nil }
    let word = schema.string?.lowercased().filter(\.isLetter)
    let mended = word == "http" || word == "https" ? word : nil
    return schema.finding(
      rule, "schema is \(schema.described); APISIX accepts only https or http",
      help: "write schema: \(mended ?? "https")", fix: mended.flatMap { schema.replacing(withYAML: $0) })
  }
}
