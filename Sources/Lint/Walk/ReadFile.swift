/// The bytes of a file that somebody named; `-` is standard input, to its end.
/// - Throws: `tooLarge` for more than `limit` bytes.
public func readFile(_ path: String, limit: Int = 16 << 20) throws(FileError) -> [UInt8] {
  if path == "-" { return try FileSystem.readStandardInput(limit: limit, name: "standard input") }
  return try FileSystem.read(path, limit: limit) ?? []
}
