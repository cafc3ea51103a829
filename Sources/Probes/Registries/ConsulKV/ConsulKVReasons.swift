import APISIX
import Findings
import HTTP

extension RegistryReasons {
  static let consulKV = RegistryReasons(
    refusal: consulKVRefusal, saved: "save what APISIX reads: curl -s 'http://HOST:8500/v1/kv/PREFIX?recurse=true'",
    hint: { _ in "the service name is the whole URL of the key's folder: http://HOST:8500/v1/kv/PREFIX/NAME/" })

  @Sendable private static func consulKVRefusal(_ refusal: RegistryRefusal) -> (Rule, help: String)? {
    guard refusal.response.status == 404 else { return consulRefusal(refusal) }
    return (
      RegistryRules.notFound, "Consul has no key there: is \(refusal.kind.path).prefix the folder of the services?"
    )
  }
}
