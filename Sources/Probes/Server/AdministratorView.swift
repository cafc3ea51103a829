import Common
import Findings
import HTTP
import JSON
import Kubernetes
import Registries

/// What an administrator's kubeconfig beside the token tells: the cause behind a 401 or 403. It sends GET only.
struct AdministratorView {
  let client: KubernetesClient

  enum Object {
    case found(JSONValue)
    case missing
    /// No right to see it, or no answer.
    case unknown
  }

  func get(_ path: String, accept: String = "application/json") -> Object {
    guard let response = try? client.get(path, accept: accept) else { return .unknown }
    switch response.status {
    case 200: return (try? JSONValue.parse(response.body, skipping: ["managedFields"])).map(Object.found) ?? .unknown
    case 404: return .missing
    default: return .unknown
    }
  }

  /// All roles and bindings; nil where not all of them may be seen.
  var objects: RBACObjects? {
    let kinds: [APIResource] = [.clusterRoles, .clusterRoleBindings, .roles, .roleBindings]
    let objects = kinds.compactMap { kind -> JSONValue? in
      if case .found(let list) = get(kind.path()) { list } else { nil }
    }
    return objects.count == kinds.count ? RBACObjects(objects) : nil
  }

  /// The account that was meant by one that is not there: of the same name elsewhere, else of nearly the same name.
  func twin(of account: ServiceAccount, where isRight: (ServiceAccount) -> Bool) -> ServiceAccount? {
    guard case .found(let list) = get(APIResource.serviceAccounts.path() + ListQuery.list(limit: 1000).text) else {
      return nil
    }
    let all = (list["items"]?.array ?? []).compactMap { item -> ServiceAccount? in
      guard let name = item["metadata"]?["name"]?.string, let space = item["metadata"]?["namespace"]?.string else {
        return nil
      }
      return ServiceAccount(namespace: space, name: name)
    }
    // What an account may do costs more than its name.
    if let same = all.first(where: { $0.name == account.name && isRight($0) }) { return same }
    let close = all.filter {
      $0.namespace == account.namespace && nearest(account.name, among: [$0.name]) != nil && isRight($0)
    }
    let near = nearest(account.name, among: close.map(\.name))
    return near.map { ServiceAccount(namespace: account.namespace, name: $0) }
  }
}
