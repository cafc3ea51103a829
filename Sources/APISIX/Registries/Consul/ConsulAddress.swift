/// What APISIX says of an item of `servers` of consul and consul_kv when it starts; nil when it takes it.
///
/// Source: apisix/discovery/consul/client.lua, apisix/discovery/consul_kv/init.lua.
public func consulRefusal(ofServer text: String) -> Words? { ConsulStart.problem(text) }
