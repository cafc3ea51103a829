/// The cure of a key that is nearly another: to write that one, or to drop the slip where it stands there already.
func correction(_ slip: String, meant: String, isThere: Bool) -> String {
  isThere ? "\(meant) is there already: take \(slip) out" : "write \(meant)"
}
