extension LogRules {
  /// What names its cause exactly before what is told by the kind of failure.
  static let kubernetesChecks: [LogCheck] =
    Unauthorized.checks + Forbidden.checks + BadRequest.checks + WrongServer.checks
    + [
      ServerTrouble.check, ListBroken.check, WatchRestarted.check, ConnectFailed.check, PlaceholderUnset.check,
      TokenFile.check, ObjectCrash.check, DictFull.check, SliceInvalid.check, NamespaceExpression.check,
      UnexpectedServiceName.check, UnknownCluster.check, NotReady.check, ServerTrouble.rest,
    ]
}
