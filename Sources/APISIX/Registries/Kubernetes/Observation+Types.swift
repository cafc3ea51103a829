public import JSON

extension Observation {
  /// A Service object, when one was among the documents.
  public struct Service: Sendable {
    /// `ClusterIP`, `ExternalName` and so on.
    public let type: String
    /// In the order of the object.
    public let selector: [(label: String, value: String)]
    /// Of type ExternalName.
    public let externalName: String?
    public let ports: [ServicePort]
    /// The first is that of its Endpoints; empty before Kubernetes 1.20.
    public let families: [AddressFamily]
    /// It has no ClusterIP.
    public let isHeadless: Bool
    /// What it is called in a sentence.
    public var words: String { isHeadless ? "headless Service" : "Service" }

    public var hasSelector: Bool { !selector.isEmpty }
  }

  /// The pods that a Service's selector fits.
  public struct Pods: Sendable {
    public var count = 0
    public var notReady = 0
    /// One that is not ready, and what its Ready condition or phase says of it.
    public var example: (name: String, reason: String)?

    public init() {}

    /// Takes a Pod object.
    public mutating func take(_ pod: JSONValue) {
      let status = pod["status"]
      let phase = status?["phase"]?.string ?? "Unknown"
      // What has ended no controller counts.
      guard phase != "Succeeded", phase != "Failed" else { return }
      count += 1
      let condition = status?["conditions"]?.array?.first { $0["type"] == "Ready" }
      guard condition?["status"] != "True" else { return }
      notReady += 1
      if example == nil {
        example = (pod["metadata"]?["name"]?.string ?? "", condition?["reason"]?.string ?? phase)
      }
    }
  }

  public struct ServicePort: Sendable, Hashable {
    public let name: String?
    public let port: Int?
    public let targetPort: String?
  }
}
