/// Why an archive cannot be read.
enum ArchiveError: Error, Sendable, Hashable {
  case foreign(String)
  case damaged, cut
  case large(Int)
  /// The name of a member that would be nobody's.
  case name(String)

  var reason: String {
    switch self {
    case .foreign(let why): why
    case .damaged: "it is damaged"
    case .cut: "it is cut short"
    case .large(let limit): "unpacked it is over \(limit >> 20) MiB"
    case .name(let name): "it has a member \(SecretPatterns.quoted(name)), which no bundle has"
    }
  }
}

/// Files with plain names in one: a tar in gzip, which every system unpacks.
public struct Archive: Sendable {
  public struct Member: Sendable, Hashable {
    public let name: String
    public let bytes: [UInt8]

    public init(_ name: String, _ bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }
  }

  /// In their order, no name twice.
  public let members: [Member]

  public init(_ members: [Member]) { self.members = members }

  /// The most that is unpacked: more than what a bundle can hold.
  static let limit = 64 << 20

  /// - Parameter path: what the bytes were read of.
  public init(_ bytes: [UInt8], path: String) throws(FileError) {
    do throws(ArchiveError) { members = try Tar.members(of: Gzip.unpacked(bytes, limit: Self.limit)) } catch {
      throw FileError(.unreadable, path: path, reason: error.reason)
    }
  }

  /// The whole file: the same members give the same bytes.
  public var packed: [UInt8] { Gzip.packed(Tar.packed(members)) }
}
