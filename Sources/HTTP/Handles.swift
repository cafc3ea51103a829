import CurlShim

/// Easy handles that wait for their next request: one that is used again keeps its buffers.
final class EasyHandles {
  private var idle: [UnsafeMutableRawPointer] = []

  fileprivate func take() -> UnsafeMutableRawPointer? { idle.popLast() ?? gc_easy_init() }

  /// Nothing of the last request is left in it.
  fileprivate func give(_ raw: UnsafeMutableRawPointer) {
    gc_easy_reset(raw)
    idle.append(raw)
  }

  deinit {
    for raw in idle { gc_easy_cleanup(raw) }
  }
}

/// Owns an easy handle of libcurl.
struct EasyHandle: ~Copyable {
  let raw: UnsafeMutableRawPointer
  private let pool: EasyHandles?

  /// - Parameter pool: where it comes from and goes back to; nil: it serves once.
  init?(from pool: EasyHandles?) {
    guard let raw = pool.map({ $0.take() }) ?? gc_easy_init() else { return nil }
    self.raw = raw
    self.pool = pool
  }

  deinit {
    if let pool { pool.give(raw) } else { gc_easy_cleanup(raw) }
  }
}

/// Owns a multi handle and with it the connections kept open between requests.
struct MultiHandle: ~Copyable {
  let raw: UnsafeMutableRawPointer

  init?() {
    guard let raw = gc_multi_init() else { return nil }
    self.raw = raw
  }

  deinit { gc_multi_cleanup(raw) }
}

/// Owns a list of lines (headers, CONNECT_TO entries) that must outlive the transfer.
struct LineList: ~Copyable {
  private(set) var raw: UnsafeMutablePointer<curl_slist>?

  init() { raw = nil }

  /// False when out of memory.
  mutating func append(_ line: String) -> Bool {
    guard let longer = gc_list_append(raw, line) else { return false }
    raw = longer
    return true
  }

  deinit { gc_list_free(raw) }
}
