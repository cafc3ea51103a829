/// An Endpoints of one address, as kubectl writes it, with the end of its document.
func endpointsText(_ name: String, _ namespace: String, at address: String, port: Int) -> String {
  """
  apiVersion: v1
  kind: Endpoints
  metadata: {name: \(name), namespace: \(namespace)}
  subsets:
    - addresses: [{ip: \(address)}]
      ports: [{name: http, port: \(port)}]

  """
}
