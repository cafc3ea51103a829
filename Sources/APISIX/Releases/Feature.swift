public import YAML

/// What some releases of APISIX do and others do not: the one table of what hangs on the release. A new release is a
/// row of `since` below, and a case for each thing that it does differently. Files are APISIX's own, below `apisix/`.
public enum Feature: Sendable, Hashable, CaseIterable {
  /// `apisix init` writes an `env` line for each `${NAME}` of the kubernetes registry. Source: cli/ops.lua.
  case exportsVariables
  /// Source: apisix/discovery/tars.
  case tars
  /// `discovery.kubernetes` may be a list; every reason for a refusal is then one sentence. Source:
  /// kubernetes/schema.lua.
  case severalClusters
  /// A single cluster may have both of `token` and `token_file`, or neither. Source: kubernetes/schema.lua.
  case optionalCredential
  /// `shared_size` of kubernetes; before it nginx_config had it. Source: kubernetes/schema.lua.
  case sharedSize
  /// White space around a token is taken off before it is sent. Source: kubernetes/informer_factory.lua.
  case trimsTokens
  /// It is taken out wherever it stands in the token. Source: kubernetes/informer_factory.lua.
  case squeezesTokens
  /// `order` of dns. Source: dns/schema.lua.
  case dnsOrder
  /// A service name that does not fit is an error in the log, not an info. Source: kubernetes/init.lua.
  case logsBadNames
  /// Source: apisix/discovery/consul.
  case consul
  /// consul asks its catalogue; 3.1 asked its agent. Source: consul/init.lua.
  case consulCatalogue
  /// consul asks for instances that pass their checks, no more for all. Source: consul/init.lua.
  case consulHealth
  /// `resolv_conf` of dns in place of `servers`. Source: dns/schema.lua.
  case resolvConf
  /// An upstream with a key that the schema lacks is refused. Source: schema_def.lua.
  case refusesUnknownUpstreamKeys
  /// `token` of consul and consul_kv. Source: consul/schema.lua.
  case consulToken
  /// `access_key` and `secret_key` of nacos. Source: nacos/schema.lua.
  case nacosKeys
  /// Workers hand each other events of at most 64 KiB (lua-resty-events), consul's nodes among them. Source:
  /// events.lua, apache/apisix#11049.
  case limitsEvents
  /// `sort_type` of consul, whose nodes are each there once only, and need a port. Source: consul/schema.lua,
  /// apache/apisix#10941.
  case consulSort
  /// `watch_endpoint_slices` is a key; the code asks for a misspelt one. Source: kubernetes/schema.lua.
  case slicesKey
  /// `${{NAME}}` is filled in in keys, too. Source: apache/apisix#9855.
  case fillsKeys
  /// A request that comes before nacos was read for the first time has no nodes; earlier that was a Lua error. Source:
  /// apache/apisix#9960.
  case nacosUnread
  /// YAML is read by tinyyaml 0.4.4, before by 0.4.2. Source: apache/apisix#10193.
  case tinyyaml044
  /// The file with its defaults is held against the schema before `etcd` at the top level is written over. Source:
  /// cli/file.lua.
  case refusesPartOfEtcd
  /// YAML is read by lyaml, before by tinyyaml. Source: cli/file.lua.
  case lyaml
  /// Expressions are PCRE2's, in what they mean and in what is said of them; before PCRE 8's. OpenResty 1.27.1 came
  /// with it, and a gateway of 3.18.0 was seen to say `pcre2_compile() failed`. Source: apache/apisix#11671.
  case pcre2
  /// `shared_size` of any length, not of two digits. Source: kubernetes/schema.lua.
  case longSharedSize
  /// An instance of consul without a port, or with 0, has port 80. Source: apache/apisix#12304.
  case consulDefaultPort
  /// `token_file` is read for each list and watch, not once at the start. Source: kubernetes/informer_factory.lua.
  case rereadsTokenFile
  /// The nodes of a nacos service are written only where there are any. Source: nacos/init.lua.
  case keepsLastInstances
  /// nacos keeps its nodes in a zone of shared memory. Source: nacos/init.lua, cli/ngx_tpl.lua.
  case nacosZone
  /// `id` of a cluster up to 64 letters, not 8. Source: kubernetes/schema.lua.
  case longIDs
  /// `watch_endpoint_slices` has an effect. Source: kubernetes/init.lua.
  case watchesSlices
  /// EndpointSlices are read as they are: host, and name of the service. Source: kubernetes/init.lua.
  case readsSlices
  /// What a new list no longer holds is dropped. Source: kubernetes/informer_factory.lua.
  case dropsUnlisted
  /// Nodes are in order of host and port. Source: kubernetes/core.lua.
  case sortsNodes
  /// Of several nacos or eureka servers the next is asked when one fails. Source: nacos/init.lua, eureka/init.lua.
  case triesOtherHosts
  /// What an alias leads to is taken as its own; earlier it was found by way of the CNAME alone. Source:
  /// lua-resty-dns-client 7.1.0 of api7, apache/apisix#12851.
  case dnsFinalRecords
  /// `shared_size` of consul, whose privileged agent then fetches, for all workers. Source: consul/schema.lua.
  case consulSharedSize
  /// A host name in the place of an instance's address is resolved; before, the instance was left out. Source:
  /// apache/apisix#12993.
  case eurekaHostNames
  /// The keys of consul's nodes begin with `default/`. Source: consul/init.lua.
  case consulKeys
  /// A nacos answer without a list of hosts has no instances; earlier that was a Lua error. Source: nacos/client.lua.
  case nacosHostsOptional
  /// An entry without `Service` in an answer of consul is passed over; earlier all behind it were. Source:
  /// consul/client.lua.
  case consulSkipsNameless
  /// `service.ssl_verify` of kubernetes. Source: kubernetes/schema.lua.
  case sslVerify
  /// Variables of apisix.yaml are filled in before it is read as YAML, in comments as well. Source:
  /// core/config_yaml.lua.
  case fillsInStandaloneText
  /// A blank, no full-width one, stands before a service name that does not fit. Source: kubernetes/core.lua.
  case asciiBadNames
  /// A name whose cluster is not there is logged, too. Source: kubernetes/core.lua.
  case logsUnknownClusters
  /// Without a token to be read from its file a list is asked for with none; earlier that was a Lua error. Source:
  /// kubernetes/informer_factory.lua.
  case sendsEmptyToken
  /// A login that nacos refuses is logged without its password. Source: nacos/client.lua.
  case hidesNacosPassword
  /// An object without metadata, namespace or name is passed over, with a warning; earlier it ended the list. Source:
  /// kubernetes/core.lua.
  case skipsNameless
  /// Without `shared_size` it is 64m, not 1m. Source: kubernetes/schema.lua, consul/schema.lua.
  case largeSharedSize
  /// A variable is found by its whole name, no more by the start of it. Source: core/env.lua.
  case exactVariables
  /// `apisix init` refuses a `${NAME}` with a control character. Source: cli/ops.lua.
  case refusesControlCharacters

  /// The first release that has it.
  public var since: Release {
    switch self {
    case .exportsVariables, .tars: Release(2, 14, 1)
    case .severalClusters, .optionalCredential, .sharedSize, .trimsTokens, .squeezesTokens, .dnsOrder: .preview
    case .logsBadNames: Release(3, 0)
    case .consul: Release(3, 1)
    case .consulCatalogue: Release(3, 2)
    case .consulHealth: Release(3, 4)
    case .fillsKeys, .nacosUnread: Release(3, 5)
    case .resolvConf, .refusesUnknownUpstreamKeys, .tinyyaml044: Release(3, 6)
    case .consulToken, .nacosKeys: Release(3, 7)
    case .limitsEvents: Release(3, 8)
    case .consulSort, .slicesKey: Release(3, 9)
    case .lyaml: Release(3, 10)
    case .refusesPartOfEtcd: Release(3, 11)
    case .pcre2: Release(3, 12)
    case .longSharedSize, .rereadsTokenFile, .keepsLastInstances, .nacosZone, .consulDefaultPort: Release(3, 13)
    case .longIDs, .watchesSlices: Release(3, 14)
    case .readsSlices, .dropsUnlisted, .sortsNodes, .triesOtherHosts, .dnsFinalRecords: Release(3, 15)
    case .consulSharedSize, .eurekaHostNames: Release(3, 16)
    case .sslVerify, .fillsInStandaloneText, .asciiBadNames, .logsUnknownClusters, .skipsNameless, .sendsEmptyToken,
      .hidesNacosPassword, .consulKeys, .nacosHostsOptional:
      Release(3, 17)
    case .largeSharedSize, .exactVariables, .refusesControlCharacters, .consulSkipsNameless: Release(3, 18)
    }
  }

  /// The first release that no longer has it; nil while the newest does.
  public var until: Release? {
    switch self {
    case .squeezesTokens: Release(3, 13)
    case .keepsLastInstances: Release(3, 17)
    default: nil
    }
  }
}

extension Release {
  /// Every release that does something otherwise than the one before it, in order.
  public static var turning: [Release] {
    Set(Feature.allCases.flatMap { [$0.since] + ($0.until.map { [$0] } ?? []) }).sorted()
  }

  /// Whether the release does that.
  public func has(_ feature: Feature) -> Bool { self >= feature.since && feature.until.map { self < $0 } ?? true }
}

extension Release {
  /// Who reads its config.yaml and apisix.yaml.
  public var reader: YAMLReader { has(.lyaml) ? .libyaml : .tinyyaml(has(.tinyyaml044) ? .v044 : .v042) }
}
