extension LogRules {
  static let registryChecks: [LogCheck] = [
    NacosUnreachable.check, NacosLoginFailed.check, NacosFetchFailed.check, NacosServiceNotFound.check,
    ConsulAddressInvalid.check, ConsulUnreachable.check, ConsulRefused.check, ConsulLoopDead.check,
    ConsulEventTooLarge.check, ConsulServiceNotFound.check, ConsulKVEntryInvalid.check, EurekaFetchFailed.check,
    EurekaInstanceInvalid.check,
    DNSFailed.check, TarsDatabaseFailed.check, RegistryCrash.check,
  ]
}
