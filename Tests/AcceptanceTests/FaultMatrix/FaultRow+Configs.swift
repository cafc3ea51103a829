extension FaultRow {
  private static let readers: [Command] = [.lint, .token, .rbac, .resolve]

  /// What config.yaml says.
  static let configs = [
    FaultRow(
      "number", "config/refused", lint: "kubernetes/port-not-string", on: readers, bad: "$PORT", good: "\"$PORT\"",
      "swap '\"'$PORT'\"' \"$IT\""),
    FaultRow(
      "scheme", "config/refused", lint: "kubernetes/schema-unknown", on: readers, bad: "HTTPS", good: "https",
      "swap https \"$IT\""),
    FaultRow(
      "url", "config/refused", lint: "kubernetes/host-is-url", on: readers, bad: "https://127.0.0.1", good: "127.0.0.1",
      "swap 127.0.0.1 \"$IT\""),
    FaultRow(
      "hostport", "config/refused", lint: "kubernetes/host-is-url", on: readers, bad: "127.0.0.1:$PORT",
      good: "127.0.0.1",
      "swap 127.0.0.1 \"$IT\""),
    FaultRow(
      "uppercase", "config/refused", lint: "kubernetes/host-upper-case", on: readers, bad: "LOCALHOST",
      good: "localhost",
      "swap 127.0.0.1 \"$IT\""),
    FaultRow(
      "both", "kubernetes/token-and-file", on: [.lint],
      bad: "client:\\n      token_file: token", good: "client:",
      "swap client: \"$IT\""),
    FaultRow(
      "misspelt", "input/not-found", lint: "discovery/unknown-key", on: readers, bad: "tokn:", good: "token:",
      "swap token: \"$IT\""),
    FaultRow(
      "nolist", "config/refused", lint: "kubernetes/selector-not-list", on: readers, bad: "$NS", good: "[$NS]",
      "MORE=\"namespace_selector: {match: $IT}\" given"),
    FaultRow(
      "operator", "config/refused", lint: "kubernetes/selector-unknown", on: readers, bad: "matches", good: "match",
      "MORE=\"namespace_selector: {$IT: [$NS]}\" given"),
    FaultRow(
      "several", "config/refused", lint: "kubernetes/selector-several", on: readers, bad: ", equal: $NS", good: "",
      "MORE=\"namespace_selector: {match: [$NS]$IT}\" given"),
    FaultRow(
      "grammar", "server/bad-request", lint: "kubernetes/label-selector-grammar", on: [.lint, .token],
      bad: "app notin web", good: "app notin (web)",
      "MORE=\"label_selector: $IT\" given"),
    FaultRow(
      "switch", "config/refused", lint: "kubernetes/flag-not-boolean", on: readers, bad: "\"false\"", good: "false",
      "MORE=\"watch_endpoint_slices: $IT\" given"),
    FaultRow(
      "size", "config/refused", lint: "kubernetes/shared-size-invalid", on: readers, bad: "1", good: "1m",
      "MORE=\"shared_size: $IT\" given"),
    FaultRow(
      "weight", "config/refused", lint: "kubernetes/weight-invalid", on: readers, bad: "-1", good: "1",
      "MORE=\"default_weight: $IT\" given"),
    FaultRow(
      "registry", "config/refused", lint: "discovery/unknown-registry", on: readers, bad: "kubernets:",
      good: "kubernetes:",
      "swap kubernetes: $IT"),
    FaultRow(
      "section", "config/no-kubernetes", lint: "discovery/not-top-level", on: readers, bad: "dicovery:",
      good: "discovery:",
      "swap discovery: $IT"),
    FaultRow(
      "below", "config/no-kubernetes", lint: "discovery/not-top-level", on: readers, bad: "1i apisix:\ns/^/  /",
      good: "1i apisix: {}",
      "sed -i \"$IT\" config.yaml"),
    FaultRow(
      "helm", "config/refused", lint: "discovery/helm-style", on: readers,
      bad: "2i\\  enabled: true\\n  registry:\n2,$s/^/  /", good: "",
      "sed -i \"$IT\" config.yaml"),
    FaultRow(
      "tab", "config/refused", lint: "yaml/syntax", on: readers, bad: "\\t", good: "    ",
      "swap '    client' \"${IT}client\""),
    FaultRow(
      "wide", "config/refused", lint: "yaml/input-method", on: readers, bad: "client：", good: "client:",
      "swap client: $IT"),
    FaultRow(
      "samekey", "yaml/duplicate-key", on: [.lint], bad: "client:\\n      token: x", good: "client:",
      "swap client: \"$IT\""),
    FaultRow(
      "sameid", "config/refused", lint: "kubernetes/id-duplicate", on: [.lint, .token, .rbac], bad: "east",
      good: "west", "clusters east $IT"),
    FaultRow(
      "noid", "config/refused", lint: "kubernetes/id-invalid", on: [.lint, .token, .rbac], bad: "we_st", good: "west",
      "clusters east $IT"),
    FaultRow(
      "cluster", "config/unknown-cluster", on: ["token verify $C --cluster $IT"], bad: "wset", good: "west",
      "clusters east west"),
  ]
}
