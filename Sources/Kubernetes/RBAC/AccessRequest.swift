/// What somebody wants to do.
public struct AccessRequest: Sendable, Hashable {
  public let verb: String
  public let group: String
  public let resource: String
  public let subresource: String?
  /// Nil: in all namespaces at once, or where there are none.
  public let namespace: String?
  /// The name of one object; nil for list, watch and create.
  public let name: String?

  public init(
    verb: String, group: String = "", resource: String, subresource: String? = nil, namespace: String? = nil,
    name: String? = nil
  ) {
    self.verb = verb
    self.group = group
    self.resource = resource
    self.subresource = subresource
    self.namespace = namespace
    self.name = name
  }

  /// `verb` on a type of object, in all namespaces unless one is given.
  public init(_ verb: String, _ resource: APIResource, namespace: String? = nil) {
    self.init(verb: verb, group: resource.group, resource: resource.name, namespace: namespace)
  }
}
