import Glibc

/// The 4 or 16 bytes of an IP address; nil for a name.
public func addressBytes(_ text: String) -> [UInt8]? {
  var (four, six) = (in_addr(), in6_addr())
  if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
  return inet_pton(AF_INET6, text, &six) == 1 ? withUnsafeBytes(of: six) { Array($0) } : nil
}

/// The other way round; nil where these are neither 4 nor 16.
public func addressText(_ bytes: some Collection<UInt8>) -> String? {
  guard bytes.count == 4 || bytes.count == 16 else { return nil }
  var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
  guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, Array(bytes), &text, socklen_t(text.count)) != nil else {
    return nil
  }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The two parts of `127.0.0.1:5353` or `[::1]:5353`, without brackets; `port` where none is named, nil where it is
/// no port.
public func serverPlace(_ text: String, port: UInt16) -> (host: String, port: UInt16)? {
  var host = text[...]
  var port: UInt16? = port
  if let colon = text.lastIndex(of: ":"), text[..<colon].last == "]" || !text[..<colon].contains(":") {
    host = text[..<colon]
    port = UInt16(text[colon...].dropFirst())
  }
  return port.map { (String(host.drop { $0 == "[" }.prefix { $0 != "]" }), $0) }
}
