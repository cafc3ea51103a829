import CZlib

/// The C library's heap.
public enum Heap {
  /// Makes it fit for many small pieces beside few large ones, as what is read is: a tenth of the time.
  public static func prepare() {
    // Without it all small pieces that were given back are joined whenever a large one is wanted.
    _ = mallopt(M_MXFAST, 0)
    // libyaml takes 64 KB for a file and gives them back: the heap would grow and shrink with each.
    _ = mallopt(M_TOP_PAD, 1 << 20)
  }
}
