import SourceText

extension Tree {
  /// Parses a YAML (or JSON) stream.
  /// - Throws: the first thing that is wrong; see `partial` for what stood before it.
  public static func parse(_ bytes: [UInt8], limits: YAMLLimits = .init()) throws(YAMLError) -> Tree {
    let (tree, error) = partial(bytes, limits: limits)
    if let error { throw error }
    return tree
  }

  /// The whole documents up to the first error, and that error. APISIX reads only the first document, so what stands
  /// behind it must not spoil it.
  public static func partial(
    _ bytes: [UInt8], limits: YAMLLimits = .init(), as reader: YAMLReader = .libyaml
  ) -> (tree: Tree, error: YAMLError?) {
    if case .tinyyaml(let version) = reader { return tiny(SourceText(bytes), nil, version, limits) }
    return partial(bytes, nil, limits: limits)
  }

  /// The same text as another reader takes it; what its templates give is as little known.
  public func read(by reader: YAMLReader) -> (tree: Tree, error: YAMLError?) {
    guard case .tinyyaml(let version) = reader else { return Self.partial(text.bytes, templates) }
    return Self.tiny(text, templates, version, .init())
  }

  static func partial(
    _ bytes: [UInt8], _ templates: Templates?, limits: YAMLLimits = .init()
  ) -> (tree: Tree, error: YAMLError?) {
    let text = SourceText(bytes)
    var builder = TreeBuilder(text: text, templates, limits: limits)
    var failure: YAMLError?
    var unfinished: ID?
    do throws(YAMLError) { try builder.run() } catch {
      failure = error
      unfinished = builder.closeAll()
    }
    builder.nodes.addGaps(templates)
    let tree = Tree(
      text: text, nodes: builder.nodes, documents: builder.documents, unfinished: unfinished, templates: templates)
    return (tree, failure)
  }

  private static func tiny(
    _ text: SourceText, _ templates: Templates?, _ version: TinyYAML, _ limits: YAMLLimits
  ) -> (tree: Tree, error: YAMLError?) {
    var reader = TinyReader(templates.map { SourceText($0.neutral) } ?? text, version, limits)
    var documents: [ID] = []
    var failure: YAMLError?
    do throws(YAMLError) { documents = [try reader.document()] } catch { failure = error }
    reader.nodes.addGaps(templates)
    let tree = Tree(
      text: text, nodes: reader.nodes, documents: documents, templates: templates, reader: .tinyyaml(version))
    return (tree, failure)
  }
}
