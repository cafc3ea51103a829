import APISIX
import JSON
import Kubernetes
import SourceText
import YAML

/// Feeds the documents of one source to the clusters that they belong to, piece by piece: a list of any length needs no
/// more memory than its longest object.
struct ObjectInput {
  struct Problem: Error, Sendable {
    /// What is wrong with the text, with its place.
    let message: String
    /// What to do.
    var help: String?
  }

  private static let command = "save what APISIX reads: kubectl get endpoints -A -o json"

  private enum Form {
    case unknown
    case json(JSONStream)
    case yaml([UInt8])
  }

  private var form = Form.unknown
  /// The cluster that the documents belong to; nil for all.
  private let cluster: Int?

  init(cluster: Int? = nil) { self.cluster = cluster }

  mutating func feed(_ bytes: [UInt8], to readings: inout [KubernetesDiscovery]) throws(Problem) {
    if case .unknown = form {
      guard let isJSON = Documents.isJSON(bytes) else { return }
      form = isJSON ? .json(JSONStream(skipping: ClusterView.uselessKeys)) : .yaml([])
      take(&readings) { $0.beginSource() }
    }
    switch form {
    case .unknown: return
    case .json(var stream):
      form = .unknown
      do {
        try stream.feed(bytes) { piece in take(&readings) { $0.take(piece) } }
      } catch { throw Self.printed(bytes) ?? Problem(message: "not JSON: \(error)") }
      form = .json(stream)
    case .yaml(var text):
      form = .unknown
      text += bytes
      guard text.count <= YAMLLimits().bytes else { throw Problem(message: "over 16 MiB of YAML; use kubectl -o json") }
      form = .yaml(text)
    }
  }

  mutating func finish(_ readings: inout [KubernetesDiscovery]) throws(Problem) {
    switch form {
    case .unknown: throw Problem(message: "there is nothing in it")
    case .json(var stream):
      do { try stream.finish { piece in take(&readings) { $0.take(piece) } } } catch {
        throw Problem(message: "not JSON: \(error)")
      }
    case .yaml(let text):
      let documents = Result { () throws(Problem) in try Documents.read(text).filter { !$0.isNull } }
      let isObject = { (document: JSONValue) in
        document["kind"] != nil || document["items"] != nil || document.array != nil
      }
      if !((try? documents.get()) ?? []).contains(where: isObject), let problem = Self.printed(text) { throw problem }
      for document in try documents.get() { take(&readings) { $0.take(document: document) } }
    }
    take(&readings) { $0.settle() }
  }

  private static func printed(_ text: [UInt8]) -> Problem? {
    KubectlOutput(text).map { Problem(message: "this is \($0.words)", help: command) }
  }

  private func take(_ readings: inout [KubernetesDiscovery], _ body: (inout ClusterView) -> Void) {
    for reading in readings.indices {
      for index in readings[reading].clusters.indices where cluster == nil || cluster == index {
        body(&readings[reading].clusters[index])
      }
    }
  }
}

/// The documents of a file in JSON or YAML.
enum Documents {
  /// By the first character that is no white space; nil where there is none.
  static func isJSON(_ bytes: [UInt8]) -> Bool? {
    bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }.map { "{[".utf8.contains($0) }
  }

  static func read(_ bytes: [UInt8]) throws(ObjectInput.Problem) -> [JSONValue] {
    if isJSON(bytes) == true, let value = try? JSONValue.parse(bytes) { return [value] }
    do throws(YAMLError) {
      let tree = try Tree.parse(bytes)
      return tree.documents.map { tree.json($0) }
    } catch {
      throw ObjectInput.Problem(
        message: "line \(error.position.line), column \(error.position.column): not YAML: \(error.message)")
    }
  }
}
