import CYAML

/// Owns libyaml's parser, on the heap because libyaml keeps a pointer to it.
struct EventSource: ~Copyable {
  let parser: UnsafeMutablePointer<yaml_parser_t>

  init?() {
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
