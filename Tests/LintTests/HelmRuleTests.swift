import Findings
import Testing

@testable import Lint

@Suite struct HelmRuleTests {
  @Test func aRegistryOutsideRegistryIsMoved() throws {
    let run = try Run(
      """
      discovery:
        enabled: true
        dns:
          servers:
            - "192.168.61.37:8600"
      rbac:
        create: true
      """)
    #expect(run.rules == ["helm/registry-missing"])
    #expect(
      try run.fixed("helm/registry-missing") == """
        discovery:
          enabled: true
          registry:
            dns:
              servers:
                - "192.168.61.37:8600"
        rbac:
          create: true
        """)
    #expect(try run.rulesAfterFix("helm/registry-missing") == [])
  }

  @Test func discoveryIsEnabled() throws {
    let off = "apisix:\n  discovery:\n    enabled: false\n    registry:\n      kubernetes: {}\nimage: {}\n"
    #expect(try Run(off).first("helm/discovery-disabled").severity == .note)
    let absent = "apisix:\n  discovery:\n    registry:\n      kubernetes: {}\nimage: {}\n"
    #expect(try Run(absent).first("helm/discovery-disabled").severity == .warning)
  }

  @Test func kubernetesDiscoveryNeedsARole() throws {
    let text = "apisix:\n  discovery:\n    enabled: true\n    registry:\n      kubernetes: {}\n"
    #expect(try Run(text).rules == ["helm/rbac-off"])
    #expect(try Run(text + "rbac: {create: true}\nserviceAccount: {create: true}\n").rules == [])
    let slices = text.replacing("{}", with: "{watch_endpoint_slices: true}") + "rbac: {create: true}\n"
    #expect(try Run(slices).rules == ["helm/role-lacks-endpointslices"])
  }

  @Test func theRegistryIsOfferedAsAConfigSection() throws {
    let run = try Run("apisix:\n  discovery:\n    enabled: true\n    registry:\n      dns: {servers: [a]}\nimage: {}\n")
    #expect(run.files[0].top.flatMap { HelmDiscovery($0) }?.registry?.path == "apisix.discovery.registry")
  }
}
