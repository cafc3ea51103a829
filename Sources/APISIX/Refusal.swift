/// Where APISIX refuses a configuration.
public enum Stage: String, Sendable, Hashable {
  /// The YAML parser.
  case yaml
  /// `apisix init` or `apisix start`: placeholders, merge with the defaults, schema.
  case cli
  /// When nginx starts its processes.
  case worker
}

/// Which of nginx's processes fails.
public enum Process: String, Sendable, Hashable {
  /// nginx does not start.
  case startup
  /// The process that fetches from the registry: the gateway serves, its services stay without nodes.
  case privilegedAgent = "privileged agent"
  case firstWorker = "worker 0"
  case all
}

/// Why APISIX refuses, in its own words.
public struct Refusal: Error, Sendable, Hashable {
  public let stage: Stage
  /// Word for word; may hold a credential of the file.
  public let exactMessage: String
  /// The same with `***` in place of a credential.
  public let message: String
  public let process: Process?
  /// Source file and line of a Lua error in the newest release.
  public let location: String?

  init(
    _ stage: Stage, _ exactMessage: String, masked: String? = nil, process: Process? = nil, location: String? = nil
  ) {
    self.stage = stage
    self.exactMessage = exactMessage
    self.message = masked ?? exactMessage
    self.process = process
    self.location = location
  }
}
