import CurlShim

/// Owns an easy handle of libcurl.
struct EasyHandle: ~Copyable {
  let raw: UnsafeMutableRawPointer

  init?() {
    guard let raw = gc_easy_init() else { return nil }
    self.raw = raw
  }

  deinit { gc_easy_cleanup(raw) }
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
