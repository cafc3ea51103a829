import Findings
import Lint
import SourceText

/// Settings, path patterns and ignore comments. The file that they are asked about is part of the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  do throws(SettingsError) {
    let settings = try Settings(path: "f", directory: "/d", bytes: bytes)
    let path = "/d/" + String(decoding: bytes.prefix(64), as: UTF8.self)
    _ = settings.skips(path, isDirectory: count % 2 == 0)
    _ = settings.ignores("token/expired", in: path)
    try settings.check(against: Catalogue(IgnoreRules.all))
  } catch {
    precondition(!error.findings.isEmpty)
  }
  return 0
}
