import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

@Suite struct UpstreamRuleTests {
  static func standalone(_ upstream: String, configs: [ConfigFacts] = [], release: Release = .newest) throws -> Run {
    let lines = upstream.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    return try Run("upstreams:\n  - id: one\n\(lines)\n#END\n", configs: configs, release: release)
  }

  @Test(arguments: [
    ("nodes: {\"10.5.10.109:80\": 1}\nservice_name: A\ndiscovery_type: eureka", "upstream/nodes-and-service-name"),
    ("service_name: A", "upstream/discovery-type-missing"),
    ("nodes: {\"10.5.10.109:80\": 1}\nservice_name: A", "upstream/discovery-type-missing"),
    ("discovery_type: eureka", "upstream/service-name-missing"),
    ("type: roundrobin", "upstream/without-nodes"),
    ("service_name: A\ndiscovery_type: eureka\nfoo: 1", "upstream/unknown-key"),
    ("nodes: []\n_service_name: A\n_discovery_type: nacos", "upstream/seed-keys"),
  ])
  func anUpstreamHasNodesOrDiscovery(upstream: String, rule: String) throws {
    #expect(Set(try Self.standalone(upstream).rules) == [rule])
  }

  @Test func aRightUpstreamIsSilent() throws {
    #expect(try Self.standalone("service_name: A\ndiscovery_type: eureka\ntype: roundrobin").rules == [])
    #expect(try Self.standalone("nodes: {\"10.5.10.109:80\": 1}").rules == [])
  }

  @Test func aMisspeltKeyIsRenamed() throws {
    let run = try Self.standalone("service-name: A\ndiscovery_type: eureka")
    #expect(run.rules.contains("upstream/unknown-key"))
    #expect(try run.rulesAfterFix("upstream/unknown-key") == [])
    #expect(
      try Self.standalone("service_name: A\ndiscovery_type: eureka\nfoo: 1", release: Release(3, 5, 0))
        .first("upstream/unknown-key").severity == .warning)
  }

  @Test func pluginsOfTheSameNamesAreLeftAlone() throws {
    #expect(
      try Run(
        """
        routes:
          - uri: /a
            plugins:
              zipkin: {service_name: payment}
              openid-connect: {discovery: https://idp/.well-known}
            upstream: {nodes: {"a:80": 1}}
        #END
        """
      ).rules == [])
  }

  @Test func anInlineUpstreamOfTrafficSplitDiscoversNothing() throws {
    #expect(
      try Run(
        """
        routes:
          - uri: /a
            plugins:
              traffic-split:
                rules:
                  - weighted_upstreams:
                      - upstream: {service_name: A, discovery_type: eureka}
            upstream_id: two
        upstreams:
          - id: two
            nodes: {"a:80": 1}
        #END
        """
      ).rules == ["upstream/traffic-split-inline"])
  }

  @Test func referencesAreLookedUpInAFileThatHasMostOfThem() throws {
    let text = """
      routes:
        - {uri: /a, upstream_id: one}
        - {uri: /b, upstream_id: oen}
      upstreams:
        - id: one
          nodes: {"a:80": 1}
      #END
      """
    #expect(try Run(text).first("standalone/reference-not-found").help == "did you mean one?")
    let others = text.replacing("upstream_id: one", with: "upstream_id: other")
    #expect(try Run(others).rules == ["standalone/reference-not-found", "standalone/reference-not-found"])
    // Without the marker it may be a part.
    #expect(try Run(others.replacing("#END", with: "")).rules == ["standalone/end-marker"])
  }

  @Test func aRoutesOwnUpstreamWins() throws {
    #expect(
      try Run(
        """
        routes:
          - {uri: /a, service_id: s, upstream: {nodes: {"a:80": 1}}}
        services:
          - {id: s, upstream: {service_name: A, discovery_type: eureka}}
        #END
        """
      ).rules == ["standalone/route-overrides-service"])
  }

  @Test(
    arguments: [
      ("#END", nil), ("#END\n", nil), ("#END\n\n\n\n\n\n", nil), ("foo: 1 #END\n", nil),
      ("#END\n\n\n\n\n\n\n", "error"), ("# END\n", "error"), ("#end\n", "error"), ("#END # note\n", "error"),
      ("#END\nservices: []\n", "error"), ("", "note"),
    ] as [(String, String?)])
  func theEndMarkerIsTheLastThing(end: String, severity: String?) throws {
    let run = try Run("routes:\n  - uri: /a\n    upstream: {nodes: {\"a:80\": 1}}\n\(end)")
    #expect(run.findings.first?.severity.rawValue == severity)
    if severity != nil { #expect(try run.rulesAfterFix("standalone/end-marker") == []) }
  }

  @Test func underItsOwnNameAMissingMarkerIsAnError() throws {
    let text = "routes:\n  - uri: /a\n    upstream: {nodes: {\"a:80\": 1}}"
    #expect(try Run(text, path: "conf/apisix.yaml").first("standalone/end-marker").severity == .error)
    let etcd = ConfigFacts(path: "conf/config.yaml", registries: [], readsStandaloneYAML: false)
    #expect(try Run(text, path: "conf/apisix.yaml", configs: [etcd]).first("standalone/end-marker").severity == .note)
    #expect(
      try Run("{\"routes\": [{\"uri\": \"/a\", \"upstream\": {\"nodes\": {\"a:80\": 1}}}]}", path: "apisix.json").rules
        == [])
  }

  @Test func aVariableIsWrittenWithTwoBraces() throws {
    let run = try Self.standalone("service_name: ${NS}/web:http\ndiscovery_type: kubernetes")
    #expect(run.rules == ["standalone/variable"])
    #expect(try run.rulesAfterFix("standalone/variable", safe: false) == [])
  }

  @Test func theRegistryIsEnabledInTheConfig() throws {
    let facts = ConfigFacts(path: "config.yaml", registries: ["nacos"])
    #expect(
      try Self.standalone("service_name: a.b:53\ndiscovery_type: dns", configs: [facts]).rules
        == ["discovery-type/not-enabled"])
    #expect(try Self.standalone("service_name: a\ndiscovery_type: nacos", configs: [facts]).rules == [])
    #expect(
      try Self.standalone("service_name: a/b:c\ndiscovery_type: k8s").first("discovery-type/unknown").help
        == "did you mean kubernetes?")
    let own = try Self.standalone("service_name: a\ndiscovery_type: mine", configs: [facts]).first(
      "discovery-type/unknown")
    #expect(own.severity == .error)
    #expect(
      own.help == "config.yaml has only nacos; a module of one's own is enabled under its name in config.yaml")
    #expect(
      try Self.standalone("service_name: a\ndiscovery_type: mine").first("discovery-type/unknown").severity == .note)
    #expect(
      try Self.standalone("service_name: a\ndiscovery_type: zookeeper", configs: [facts], release: Release(3, 5))
        .first("discovery-type/unknown").severity == .note)
  }

  @Test(arguments: [
    ("service_name: 8080\ndiscovery_type: eureka", "quote it"),
    ("service_name: true\ndiscovery_type: kubernetes", "quote it"),
    (
      "service_name: [a, b]\ndiscovery_type: eureka",
      "write one text; each service has an upstream of its own"
    ),
    ("service_name: A\ndiscovery_type: [consul]", "write discovery_type: consul"),
    (
      "service_name: A\ndiscovery_type: nacos\ndiscovery_args: ns=a",
      "write a map: discovery_args: {namespace_id: ID, group_name: NAME}"
    ),
    (
      "service_name: A\ndiscovery_type: eureka\ndiscovery_args: [a]",
      "write a map: discovery_args: {namespace_id: ID, group_name: NAME}"
    ),
  ])
  func aValueOfTheWrongTypeIsRefused(upstream: String, help: String) throws {
    let run = try Self.standalone(upstream)
    #expect(run.rules == ["upstream/value-refused"])
    #expect(try run.first("upstream/value-refused").help == help)
    if help == "quote it" {
      #expect(try !run.rulesAfterFix("upstream/value-refused").contains("upstream/value-refused"))
    }
  }

  @Test func aValueOfTheRightTypeIsNot() throws {
    for right in [
      "service_name: \"8080\"", "service_name: ''\ndiscovery_args: []", "service_name: A\ndiscovery_args: {}",
    ] {
      #expect(!(try Self.standalone(right + "\ndiscovery_type: eureka").rules.contains("upstream/value-refused")))
    }
  }

  @Test func adcIsStrict() throws {
    let run = try Run(
      """
      services:
        - name: a
          upstream:
            nodes: {"a:80": 1}
            desc: x
          routes:
            - name: r
              uri: /a
      """)
    #expect(run.rules == ["adc/nodes-not-a-list", "upstream/unknown-key", "adc/unknown-key"])
  }

  @Test func aMarkerIsAddedInsideAConfigMap() throws {
    let run = try Run(
      """
      data:
        apisix.yaml: |
          upstreams:
            - id: one
              nodes: {"a:80": 1}
      kind: ConfigMap
      apiVersion: v1
      """)
    #expect(try run.fixed("standalone/end-marker").contains("1}\n    #END\nkind: ConfigMap"))
    #expect(try run.rulesAfterFix("standalone/end-marker") == [])
  }

  @Test func aFoldedScalarIsReadLineByLine() throws {
    let run = try Run(
      """
      apiVersion: v1
      kind: ConfigMap
      data:
        apisix.yaml: >-
          # a comment that was too long for
          a line, as some programs write it

          upstreams: # another one
          of this sort

            - id: one
              service_name: cms.default.svc.cluster.local
              discovery_type: kubernetes

          #END
      """)
    #expect(try run.marked("service-name/dns-name") == "cms.default.svc.cluster.local")
  }

  @Test func configMapsCarryRoutes() throws {
    let run = try Run(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: routes
      data:
        apisix.yaml: |
          upstreams:
            - id: one
              service_name: cms.default.svc.cluster.local
              discovery_type: kubernetes
          #END
      """)
    #expect(run.rules == ["service-name/dns-name"])
    #expect(try run.marked("service-name/dns-name") == "cms.default.svc.cluster.local")
    #expect(try run.first("service-name/dns-name").range?.start.line == 9)
  }
}
