public import APISIX
public import Findings
public import Inputs

extension DiscoveryConfig {
  /// Reads a configuration; `-` is standard input.
  public convenience init(
    at path: String, _ conditions: Conditions, _ read: (String) throws(FileError) -> [UInt8] = InputFile.contents
  ) throws(FileError) { self.init(try read(path), path: path == "-" ? InputFile.standardInputName : path, conditions) }

  /// The file with its credentials marked, for findings that quote it.
  public var source: SourceFile { SourceFile(tree, isBroken: verdict.yamlError != nil) }
}
