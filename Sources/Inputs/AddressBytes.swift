import Glibc

/// The 4 or 16 bytes of an IP address; nil for a name.
public func addressBytes(_ text: String) -> [UInt8]? {
  var (four, six) = (in_addr(), in6_addr())
  if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
  return inet_pton(AF_INET6, text, &six) == 1 ? withUnsafeBytes(of: six) { Array($0) } : nil
}
