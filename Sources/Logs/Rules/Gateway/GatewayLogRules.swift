extension LogRules {
  static let gatewayChecks: [LogCheck] = [
    SeedObjectRefused.check, ObjectRefused.check, StandaloneRefused.check, InvalidDiscoveryConfiguration.check,
    UnknownRegistry.check, PluginWithoutDiscovery.check, AgentDead.check, DiscoveryUninitialized.check,
    DiscoveryTypeMissing.check, InvalidNode.check, HostNameNode.check, NoValidUpstreamNode.check, NodeUnreachable.check,
    Harmless.check, StartFailure.check, StartFailure.rest,
  ]
}
