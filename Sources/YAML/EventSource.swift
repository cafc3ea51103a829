import CYAML

/// Owns libyaml's parser, on the heap because libyaml keeps a pointer to it.
struct EventSource: ~Copyable {
  let parser: UnsafeMutablePointer<yaml_parser_t>

  /// libyaml takes 64 KB for a file and gives them back: the heap would grow and shrink with each.
  private static let keepsRoom = mallopt(M_TOP_PAD, 1 << 20)

  init?() {
    _ = Self.keepsRoom
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }
}
