public import YAML

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
  /// With `***` in place of a credential.
  public let words: Words
  /// Word for word; may hold a credential of the file.
  let exact: Words
  /// The value or key that APISIX refuses; nil where it is a default, or the file as a whole.
  public let node: Tree.ID?
  public let process: Process?
  /// Source file and line of a Lua error in the newest release.
  public let location: String?

  init(
    _ stage: Stage, _ exact: Words, masked: Words? = nil, at node: Tree.ID?, process: Process? = nil,
    location: String? = nil
  ) {
    self.stage = stage
    self.exact = exact
    self.words = masked ?? exact
    self.node = node
    self.process = process
    self.location = location
  }

  init(_ stage: Stage, _ remark: Remark, process: Process, location: String) {
    self.init(stage, remark.words, at: remark.node, process: process, location: location)
  }
}
