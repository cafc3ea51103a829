import Glibc

/// Owns a file descriptor.
struct Descriptor: ~Copyable {
  let number: CInt

  init(_ number: CInt) { self.number = number }

  deinit { if number >= 0 { close(number) } }
}
