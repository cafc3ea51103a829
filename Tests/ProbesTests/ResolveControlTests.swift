import Findings
import HTTP
import Inputs
import JSON
import TestSupport
import Testing

@testable import APISIX
@testable import Probes

/// What a running APISIX holds against what it should. The dump is a stub's, in the shape of APISIX 3.13 and newer.
@Suite struct ResolveControlTests {
  private static let dump = #"""
    {"config": {"client": {"token": "secret"}}, "endpoints": [{"endpoints": [
      {"name": "default/same", "value": "{\"http\":[{\"host\":\"10.0.0.1\",\"port\":80,\"weight\":50}]}"},
      {"name": "default/old", "value": "{\"http\":[{\"host\":\"10.0.0.9\",\"port\":80,\"weight\":50}]}"},
      {"name": "default/gone", "value": "{\"http\":{}}"}]}]}
    """#

  private var expected: KubernetesDiscovery {
    var discovery = KubernetesDiscovery([ClusterSettings()])
    for name in ["same", "old", "new"] {
      discovery.clusters[0].take(document: [
        "kind": "Endpoints", "metadata": ["namespace": "default", "name": .string(name)],
        "subsets": [["addresses": [["ip": "10.0.0.1"]], "ports": [["name": "http", "port": 80]]]],
      ])
    }
    return discovery
  }

  private let comparison = Comparison(registry: .kubernetes, release: .newest)

  @Test func eachNameIsEqualStaleMissingOrExtra() throws {
    let dump = try #require(DiscoveryDump(JSONValue.parse(Self.dump), of: .kubernetes))
    let differences = dump.compared(with: expected.everything)
    #expect(
      differences.map { "\($0.service.name) \($0.state.rawValue)" } == [
        "default/gone:http extra", "default/new:http missing", "default/old:http stale", "default/same:http equal",
      ])
    let finding = comparison.findings(differences, total: 3).first
    #expect(finding?.rule.id == "resolve/apisix-differs")
    #expect(
      finding?.message.hasPrefix("the running APISIX differs from the API server: 1 missing, 1 stale, 1 extra") == true)
  }

  @Test func equalIsNothingToSay() throws {
    let text = #"{"config":{},"endpoints":[{"endpoints":[]}]}"#
    let dump = try #require(DiscoveryDump(JSONValue.parse(text), of: .kubernetes))
    #expect(
      comparison.findings(dump.compared(with: KubernetesDiscovery([ClusterSettings()]).everything), total: 0).isEmpty)
  }

  /// Pages behind the first are lost without a word.
  @Test func onlyMissingOnesAfterAPageSayWhy() {
    let missing = DiscoveryDump.Difference(service: RegistryService(.kubernetes, "a/b:c"), state: .missing, nodes: 1)
    #expect(comparison.findings([missing], total: 125).first?.help?.hasPrefix("a page after the first failed") == true)
    let many = comparison.findings([missing], total: 513).first?.help
    #expect(many?.hasSuffix("; before 3.14 a dump itself ends at 1024 keys, two a service") == true)
  }

  /// Up to 3.14.1 a reload keeps what the list no longer holds.
  @Test func whatHelpsHangsOnTheRelease() throws {
    let extra = DiscoveryDump.Difference(service: RegistryService(.kubernetes, "a/old:c"), state: .extra, nodes: nil)
    let stale = DiscoveryDump.Difference(service: RegistryService(.kubernetes, "a/late:c"), state: .stale, nodes: 1)
    let missing = DiscoveryDump.Difference(service: RegistryService(.kubernetes, "a/new:c"), state: .missing, nodes: 1)
    func help(_ differences: [DiscoveryDump.Difference], _ version: String) throws -> String {
      let release = try #require(Release(parsing: version))
      return Comparison(registry: .kubernetes, release: release).findings(differences, total: 3).first?.help ?? ""
    }
    for old in ["3.13.0", "3.14.1"] {
      for differences in [[extra], [extra, stale], [extra, missing]] {
        let text = try help(differences, old)
        #expect(
          text.hasPrefix(
            "APISIX \(old) never removes what a list no longer holds or a new selector leaves out, nor does a reload: "
              + "stop and start it, or use 3.15 or newer"))
      }
      #expect(try help([stale], old).hasPrefix("the watch is dead or late"))
    }
    #expect(try help([extra], "3.15.0").hasSuffix("; before 3.15 stop and start it, a reload keeps extra ones"))
  }

  /// 3.15 and 3.16 keep a flag of their own among the services.
  @Test func theFlagThatAListCameIsNoService() throws {
    let text = #"{"config":{},"endpoints":[{"endpoints":[{"name":"discovery_ready","value":VALUE}]}]}"#
    for value in ["true", #""true""#] {
      let dump = try #require(DiscoveryDump(JSONValue.parse(text.replacing("VALUE", with: value)), of: .kubernetes))
      #expect(dump.services.isEmpty)
    }
  }

  @Test func somethingElseIsNoDump() throws {
    #expect(DiscoveryDump(try JSONValue.parse(#"{"error_msg":"404 Route Not Found"}"#), of: .kubernetes) == nil)
  }
}
