import APISIX

/// Typing, substitution, schemas and the worker stage. The first byte chooses the release and what is known of the
/// environment.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let all = UnsafeBufferPointer(start: data, count: count)
  guard let choice = all.first else { return 0 }
  let bytes = Array(all.dropFirst())
  let known = Release.known
  let environments: [Environment] = [
    .unknown, .known([:]), .known(["KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"]),
  ]
  let conditions = Conditions(
    release: known[Int(choice) / environments.count % known.count],
    environment: environments[Int(choice) % environments.count])
  let verdict = DiscoveryConfig(bytes, conditions).verdict
  precondition(verdict.accepts != true || verdict.message == nil && verdict.stage == nil)
  precondition(verdict.accepts != false || verdict.message != nil && verdict.stage != nil)
  let again = DiscoveryConfig(bytes, conditions).verdict
  precondition(again.accepts == verdict.accepts && again.message == verdict.message && again.stage == verdict.stage)
  return 0
}
