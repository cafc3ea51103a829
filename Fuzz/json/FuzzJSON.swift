import JSON

/// What is read and written again is the same; a stream gives the same in one piece and in several.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if let value = try? JSONValue.parse(bytes), isFinite(value) {
    for pretty in [false, true] {
      let again = try? JSONValue.parse(value.text(pretty: pretty))
      precondition(again == value)
    }
  }
  precondition(pieces(bytes, size: count) == pieces(bytes, size: count / 7))
  return 0
}

/// What a stream gives of the bytes, and nil at the end where it refuses.
private func pieces(_ bytes: [UInt8], size: Int) -> [JSONStream.Piece?] {
  var result: [JSONStream.Piece?] = []
  var stream = JSONStream()
  do {
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + max(size, 1))
      try stream.feed(Array(bytes[start..<end])) { result.append($0) }
      start = end
    }
    try stream.finish { result.append($0) }
  } catch {
    result.append(nil)
  }
  return result
}

/// 1e999 is read as infinity, which JSON cannot write.
private func isFinite(_ value: JSONValue) -> Bool {
  switch value {
  case .number(let number): number.isFinite
  case .array(let items): items.allSatisfy(isFinite)
  case .object(let object): object.members.allSatisfy { isFinite($0.value) }
  case .null, .bool, .string: true
  }
}
