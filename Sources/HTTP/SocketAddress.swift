import Glibc

/// An address to connect to, as the system's resolver gives it.
struct SocketAddress: Sendable {
  private let bytes: [UInt8]
  let family: Int32

  /// The addresses of a host in the system's order; an error number of getaddrinfo when there are none.
  /// - Parameter numeric: take IP addresses only, which never blocks; a name may take as long as its name server.
  static func of(_ host: String, port: Int, numeric: Bool) -> Result<[SocketAddress], LookupError> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV | (numeric ? AI_NUMERICHOST : 0)
    var found: UnsafeMutablePointer<addrinfo>?
    guard (1...65535).contains(port), !host.utf8.contains(0) else { return .failure(LookupError(code: EAI_NONAME)) }
    let code = getaddrinfo(host, String(port), &hints, &found)
    guard code == 0 else { return .failure(LookupError(code: code)) }
    defer { freeaddrinfo(found) }
    var addresses: [SocketAddress] = []
    var next = found
    while let entry = next {
      if let address = entry.pointee.ai_addr {
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.pointee.ai_addrlen))
        addresses.append(SocketAddress(bytes: Array(bytes), family: entry.pointee.ai_family))
      }
      next = entry.pointee.ai_next
    }
    return addresses.isEmpty ? .failure(LookupError(code: EAI_NONAME)) : .success(addresses)
  }

  /// Starts a connection on a new non-blocking socket: the socket, and 0 or the errno so far (EINPROGRESS is usual).
  /// Without a socket (too many open files) the errno alone.
  func connect() -> (socket: Int32?, errno: Int32) {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { return (nil, errno) }
    let code = bytes.withUnsafeBytes { raw in
      raw.withMemoryRebound(to: sockaddr.self) { address in
        Glibc.connect(descriptor, address.baseAddress, socklen_t(raw.count))
      }
    }
    return (descriptor, code == 0 ? 0 : errno)
  }
}

/// An error number of getaddrinfo(3).
struct LookupError: Error, Equatable {
  let code: Int32

  var text: String { gai_strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}
