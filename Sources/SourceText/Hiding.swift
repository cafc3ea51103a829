extension Unicode.Scalar {
  /// Whether it is not seen, or moves what is around it, where a text is shown: control characters, marks that turn the
  /// direction of writing, and blanks without width. What joins letters and emoji is none of them.
  @inlinable public var isHiding: Bool {
    switch value {
    case 0x20...0x7E: false
    case 0x00...0x1F, 0x7F...0x9F,  // controls
      0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x206F,  // these reorder what is around them
      0x00AD, 0x180E, 0x200B, 0x2028...0x2029, 0x2060...0x2064, 0xFEFF, 0xFFF9...0xFFFB:  // these are not seen
      true
    default: false
    }
  }
}
