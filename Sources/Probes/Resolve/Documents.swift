import JSON
import Kubernetes
import SourceText
import YAML

/// The documents of a file in JSON or YAML.
enum Documents {
  static func read(_ bytes: [UInt8]) throws(ObjectInput.Problem) -> [JSONValue] {
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let value = try? JSONValue.parse(bytes) {
      return [value]
    }
    do throws(YAMLError) {
      let tree = try Tree.parse(bytes)
      return tree.documents.map { tree.json($0) }
    } catch {
      throw ObjectInput.Problem(
        message: "line \(error.position.line), column \(error.position.column): not YAML: \(error.message)")
    }
  }
}
