/// Where in an installation something is looked at, in the order in which a fault is found.
public enum Category: String, Sendable, Hashable, CaseIterable {
  case configuration, environment, credentials, connection, permissions
  case content = "registry content"
  case upstreams
  case gateway = "running gateway"
  case reachability, log, bundle
}
