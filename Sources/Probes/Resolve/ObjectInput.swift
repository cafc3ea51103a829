import APISIX
import JSON
import Kubernetes
import SourceText
import YAML

/// Feeds documents to the clusters that they belong to, piece by piece: a list of any length needs no more memory than
/// its longest object.
struct ObjectInput {
  struct Problem: Error, Sendable {
    /// What is wrong with the text, with its place.
    let message: String
  }

  private enum Form {
    case unknown
    case json(JSONStream)
    case yaml([UInt8])
  }

  private var form = Form.unknown
  /// The cluster that the documents belong to; nil for all.
  private let cluster: Int?

  init(cluster: Int? = nil) { self.cluster = cluster }

  mutating func feed(_ bytes: [UInt8], to discovery: inout KubernetesDiscovery) throws(Problem) {
    if case .unknown = form {
      guard let first = bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }) else { return }
      let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
      form = isJSON ? .json(JSONStream(skipping: ClusterView.uselessKeys)) : .yaml([])
    }
    switch form {
    case .unknown: return
    case .json(var stream):
      form = .unknown
      do {
        try stream.feed(bytes) { piece in take(&discovery) { $0.take(piece) } }
      } catch { throw Problem(message: "not JSON: \(error)") }
      form = .json(stream)
    case .yaml(var text):
      form = .unknown
      text += bytes
      guard text.count <= YAMLLimits().bytes else { throw Problem(message: "over 16 MiB of YAML; use kubectl -o json") }
      form = .yaml(text)
    }
  }

  mutating func finish(_ discovery: inout KubernetesDiscovery) throws(Problem) {
    switch form {
    case .unknown: throw Problem(message: "there is nothing in it")
    case .json(var stream):
      do { try stream.finish { piece in take(&discovery) { $0.take(piece) } } } catch {
        throw Problem(message: "not JSON: \(error)")
      }
    case .yaml(let text):
      let tree: Tree
      do throws(YAMLError) { tree = try Tree.parse(text) } catch {
        throw Problem(
          message: "line \(error.position.line), column \(error.position.column): not YAML: \(error.message)")
      }
      for document in tree.documents {
        let value = tree.json(document)
        if !value.isNull { take(&discovery) { $0.take(document: value) } }
      }
    }
  }

  private func take(_ discovery: inout KubernetesDiscovery, _ body: (inout ClusterView) -> Void) {
    for index in discovery.clusters.indices where cluster == nil || cluster == index {
      body(&discovery.clusters[index])
    }
  }
}
