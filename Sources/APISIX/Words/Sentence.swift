import SourceText

/// What APISIX writes, sentence by sentence, in the wording of the newest release: its command line, its processes when
/// they start, its error.log. `<name>` is a value. Older wordings stand in `Sentence.older`.
///
/// A sentence of APISIX's is written and read by its line here, and nowhere else.
public enum Sentence: String, Sendable, CaseIterable {
  // MARK: Lua (LuaJIT 2.1), nginx' Lua module

  case raised = "<file>:<line>: <cause>"
  case badArgument = "bad argument #<number> to '<function>' (<wanted> expected, got <got>)"
  case badIndex = "attempt to index <what> (a <got> value)"
  case badConcatenation = "attempt to concatenate <what> (a <got> value)"
  case badLength = "attempt to get length of <what> (a <got> value)"
  case badCall = "attempt to call <what> (a <got> value)"
  case badComparison = "attempt to compare <what>"
  case badArithmetic = "attempt to perform arithmetic on <what>"
  case badOrder = "invalid order function for sorting"
  case keyIsNaN = "table index is NaN"
  case stackOverflow = "stack overflow"
  case moduleMissing = "module 'apisix.discovery.<registry>' not found"
  case moduleLoop = "loop or previous error loading module 'apisix.discovery.<registry>'"
  case phaseForbids = "API disabled in the context of <phase>"
  case matchFailed = "ngx.re.match failed: <problem>"

  // MARK: lyaml 6.2.8

  case yaml = "<mark>: <cause>"
  case badTag = "invalid '<tag>' value: '<value>'"
  case badMerge = "invalid '<tag>' merge event: <value>"
  case badMergeItem = "invalid '<tag>' sequence element <number>: <value>"

  // MARK: apisix/cli, apisix/core/config_local.lua

  case configUnread = "failed to read local yaml config of apisix: <cause>"
  case configUnparsed = "failed to parse yaml config: <cause>"
  case configEmpty = "invalid config.yaml file"
  case configInvalid = "failed to validate config: <cause>"
  case mergeTypes = "failed to merge, path[<path>] expect: <wanted>, but got: <got>"
  case variableMissing = "failed to handle configuration: can't find environment variable <name>"
  case registryInvalid = "invalid discovery <registry> configuration: <cause>"
  case entryInvalid = "invalid environment variable entry: control characters are not allowed"

  // MARK: api7/jsonschema 0.9

  case inProperty = "property \"<name>\" validation failed: <cause>"
  case inItem = "failed to validate item <number>: <cause>"
  case required = "property \"<name>\" is required"
  case forbidden = "additional properties forbidden, found <name>"
  case wrongType = "wrong type: expected <wanted>, got <got>"
  case notEmpty = "the input data should be an empty table"
  case tooFewItems = "expect array to have at least <limit> items"
  case tooManyItems = "expect array to have at most <limit> items"
  case sameItems = "expected unique items but items <first> and <second> are equal"
  case tooShort = "string too short, expected at least <limit>, got <got>"
  case tooLong = "string too long, expected at most <limit>, got <got>"
  case unmatched = "failed to match pattern \"<pattern>\" with \"<value>\""
  case notInEnum = "matches none of the enum values"
  case tooSmall = "expected <value> to be at least <limit>"
  case tooLarge = "expected <value> to be at most <limit>"
  case noneOfAny = "object matches none of the required"
  case noneOfOne = "value should match only one schema, but matches none"
  case twoOfOne = "value should match only one schema, but matches both schemas <first> and <second>"

  // MARK: apisix/discovery/kubernetes, when a process starts

  case variableUnset = "not found environment variable <name>"
  case hostEmpty = "service.host should set to non-empty string"
  case portInvalid = "invalid port value: <value>"
  case tokenEmpty = "apiserver.token should set to non-empty string when service.schema is https"
  case credentialMissing = "one of [client.token,client.token_file] should be set but none"
  case fileUnread = "failed to open file: <path>, error info:<problem>"
  case tokenPathUnread = "failed to read token file path: <cause>"
  case tokenUnread = "failed to read token from file: <cause>"
  case idTwice = "duplicate id value"
  case dictMissing = "failed to get lua_shared_dict: <name>, please check your APISIX version"

  // MARK: apisix/discovery/kubernetes, listing and watching

  case connectFailed = "connect apiserver failed, apiserver.host: <host>, apiserver.port: <port>, message : <cause>"
  case listFailed = "list failed, kind: <kind>, reason: <reason>, message : <cause>"
  case watchFailed = "watch failed, kind: <kind>, reason: <reason>, message : <cause>"
  case listWatchFailed = "list_watch failed, kind: <kind>, reason: <reason>, message : <cause>"
  case noMetadata = "skipping endpoint with missing metadata: <object>"
  case noMetadataDeleted = "skipping endpoint deletion with missing metadata: <object>"
  case sliceInvalid = "endpoint_slice validation fail: endpoint_slice has no <name>, endpointSlice: <object>"
  case versionUnstored = "set endpoint version into discovery DICT failed, <cause>"
  case endpointUnstored = "set endpoint into discovery DICT failed, <cause>"
  case endpointUnupdated = "failed to update endpoint dict for endpoint: <name>, err: <cause>"
  case readyUnstored = "set discovery_ready flag into discovery DICT failed, <cause>"
  case notReady = "kubernetes discovery not ready"

  // MARK: apisix/discovery/kubernetes, for a request

  case nameUnexpected = "get unexpected upstream service_name: <name>"
  case clusterUnknown = "id not exist"
  case dictUnresolved = "failed to resolve endpoint dict for service: <name>"
  case contentLost = "get empty endpoint content from discovery DIC, this should not happen <name>"
  case keyUnknown = "get empty endpoint version from discovery DICT <name>"

  // MARK: apisix/init.lua, upstream.lua, core/resolver.lua, core/config_yaml.lua

  case upstreamUnset = "failed to set upstream: <cause>"
  case nodesNil = "no valid upstream node: nil"
  case nodesRefused = "no valid upstream node: <cause>"
  case nodesEmpty = "no valid upstream node"
  case nodesInvalid = "invalid nodes format: <cause>"
  case uninitialized = "discovery <registry> is uninitialized"
  case typeMissing = "discovery server need appoint"
  case domainUnresolved = "failed to parse domain: <host>, error: <cause>"
  case objectRefused = "failed to check item data of [<kind>] err:<cause> ,val: <object>"
  case endMissing = "missing valid end flag in file <path>"

  // MARK: The other registries, for a request

  case nodesUnfetched = "fetch nodes failed by <name>, error: <cause>"
  case defaultTaken = "fetch nodes failed by <name>, return default service"
  case consulDictMissing = "consul shared dict not available"
  case consulUndecoded = "failed to decode nodes for key: <name>, error: <problem>"
  case consulUnknown = "consul service not found: <name>"
  case nacosUnknown = "nacos service not found: <name>"
  case eurekaUnfetched = "failed to fetch nodes for : <name>"
  case dnsFailed = "failed to query the DNS server: <cause>"
  case targetUnresolved = "failed to resolve SRV record <host>: <cause>"
  case dnsServerError = "dns server error: <number> <problem>"
  case dnsClientError = "dns client error: <number> <problem>"
  case dnsLooped = "recursion detected"

  // MARK: The other registries, when a process starts

  case dictUnconfigured = "lua_shared_dict \"<name>\" not configured"
  case addressesUnread = "format consul config got error: <cause>"
  case onlyHTTP = "only support consul http schema address, eg: http://address:port"
  case addressInvalid = "invalid consul server address, the valid format: http://address:port"
  case dumpUnread = "read dump file get error: <cause>"
  case dumpEmpty = "dump file is empty"
  case noNameservers = "[dns-client] Invalid configuration, no valid nameservers found"
  case resolvConfMissing = "[dns-client] Resolv.conf file not found: <path>"

  // MARK: nginx itself

  case connectRefused = "connect() failed (<problem>) while connecting to upstream"
  case connectRefusedAtOnce = "connect() to <host> failed (<problem>) while connecting to upstream"
  case connectTimedOut = "upstream timed out (<problem>) while connecting to upstream"
  case handshakeFailed = "SSL_do_handshake() failed (<problem>) while SSL handshaking to upstream"
  case handshakeClosed = "peer closed connection in SSL handshake<problem> while SSL handshaking to upstream"
  case bindFailed = "bind() to <path> failed (<problem>)"
  case neverBound = "still could not bind()"
  case agentUnheard = "failed to init privileged agent listeners (<problem>)"
  case agentExited = "privileged agent process <number> exited with fatal code <value> and cannot be respawned"

  // MARK: apisix/balancer.lua, apisix/upstream.lua, older ones

  case peerRefused = "failed to set server peer [<host>:<port>] err: <problem>"
  case serverUnpicked = "failed to pick server: <cause>"
  case nothingInitialized = "discovery is uninitialized"

  // MARK: apisix/cli, config_yaml.lua, config_etcd.lua: files and objects

  case certificateMissing = "certificate path <path> doesn't exist"
  case etcdUnavailable = "all etcd nodes are unavailable"
  case standaloneInvalid = "invalid apisix.yaml file"
  case standaloneUnparsed = "failed to parse the content of file <path>"
  case standaloneUndecoded = "failed to decode json: <problem> raw_config: <object>"
  case standaloneMissing = "failed to fetch <path> attributes: <problem>"
  case standaloneUnread = "failed to fetch data from local file <path>"
  case standaloneAwaited = "wait for more time"
  case fileReloaded = "config file <path> reloaded."
  case objectInvalid = "failed to check item data of [<kind>] err:<cause>"
  case objectsUnfetched = "failed to fetch data from etcd: <cause>,  etcd key: <path>"

  // MARK: apisix/discovery/nacos

  case nacosHostInvalid = "nacos host at index <number> is invalid, skip"
  case nacosDictMissing = "nacos shared dict not available"
  /// Before 3.17 the password stands behind the name.
  case nacosLoginFailed = "nacos login fail:<name> desc:<cause>"
  case nacosTokenless = "nacos login response missing accessToken"
  case nacosLoginRefused = "get_token_param error:<cause>"
  case nacosUnfetched = "get_url:<path> err:<cause>"
  case nacosUnlisted = "failed to fetch instances for service [<name>] from <path>, error: <cause>"
  case nacosHostFailed = "fetch_from_host: <host> err:<cause>"
  case nacosNothingFetched = "all nacos services fetch failed"
  case nacosHostsFailed = "failed to fetch nacos registry from all hosts"
  case nacosAwaited = "wait init"

  // MARK: apisix/discovery/consul, consul_kv

  case consulFailed = "connect consul: <host> by sub url: <path>, got <what> result: <object>, with error: <cause>"
  case consulCrashed = "connect consul: <host> by sub url: <path>, got <what> result: <object>"
  case consulServiceFailed = "connect consul: <host>, by service url: <path>, with error: <cause>"
  case consulServiceUnread = "connect consul: <host> by svc url: <path>, with error: <cause>"
  case consulKeysFailed = "connect consul: <host> by key: <path>, got result: <object>, with error: <cause>"
  case consulRetried = "retry connecting consul after <number> seconds"
  case consulServicesRetried = "get all svcs got err<problem> retry connecting consul after <number> seconds"
  case consulUnfetched = "all_services is nil, failed to fetch nodes for : <name>"
  case consulKeysUnfetched = "application is nil, failed to fetch nodes for : <name>"
  case consulNameless = "invalid consul service entry without Service field, skip it"
  case consulDictFull = "consul shared dict is full, forcibly evicting items<problem>"
  case consulUnstored = "failed to set nodes for service: <name>, error: <cause>"
  case eventUnsent = "post_event failure with <name>, update all services error: <cause>"
  case consulKeyEmpty = "consul_key_empty, server_name_prefix: <path>, node: <object>"
  case consulKeyUnread = "server name parse error, server_name_prefix: <path>, node: <object>"
  case consulValueEmpty = "error: consul_value_empty, server_name_prefix: <path>, node: <object>"
  case consulValueInvalid = "invalid upstream value, server_name_prefix: <path>,err: <problem>, node: <object>"
  case consulNodeUnhealthy = "server node unhealthy, server_name_prefix: <path>, node: <object>"

  // MARK: apisix/discovery/eureka

  case eurekaHostFailed = "failed to fetch registry from <host>: <cause>"
  case eurekaHostsFailed = "failed to fetch registry from all eureka hosts"
  case eurekaStatus = "failed to fetch registry, status = <number>"
  case eurekaFailed = "failed to fetch registry<cause>"
  case eurekaUnparsed = "invalid response body: <object> err: <problem>"
  case eurekaHostless = "do not set eureka.host"
  case eurekaAddressInvalid = "<name> service <host> node IP <value> is invalid(must be IPv4 or IPv6)."
  case eurekaNameUnresolved = "failed to resolve <host>: <cause>"

  // MARK: apisix/discovery/dns, its DNS client; tars

  case dnsRetried = "dns lookup pool exceeded retries (<number>): <cause>"
  case dnsClientUnmade = "failed to create a resolver: <cause>"
  case dnsServerUnresolved = "failed to set peer name: <host> could not be resolved (<problem>)"
  case dnsServerSilent = "failed to receive reply from UDP server <host>: <problem>"
  case dnsServerless = "no nameservers specified"
  case dnsUnmade = "failed to init the dns client: <cause>"
  case dnsErrorCode = "server returned error code: <number>: <problem>"
  case dnsRecordEmpty = "empty SRV record"
  case dnsRecordMixed = "mess SRV with other record"
  case tarsUnstored = "set endpoint into nginx shared dict failed, <cause>"
  case databaseUnreached = "failed to connect mysql: <problem>"
  case databaseUnmade = "failed to instantiate mysql: <problem>"
  case databaseRefused = "query failed, error: <problem>"
  case databaseUnread = "read result failed, error: <problem>"
}

/// A value in a sentence.
public enum Blank: String, Sendable {
  case cause, file, first, function, got, host, kind, limit, line, mark, name, number, object, path, pattern,
    phase, port, problem, reason, registry, second, tag, value, wanted, what
}

extension Sentence {
  /// Wordings of releases that lack `feature`.
  static let older: [(sentence: Sentence, feature: Feature, wording: String)] = [
    (.nameUnexpected, .asciiBadNames, "get unexpected upstream service_name:\u{3000}<name>")
  ]

  func wording(in release: Release) -> String {
    Self.older.first { $0.sentence == self && !release.has($0.feature) }?.wording ?? rawValue
  }

  /// Whether APISIX logs it as a warning; all others are errors.
  public var isWarning: Bool {
    switch self {
    case .noMetadata, .noMetadataDeleted, .notReady, .noNameservers, .resolvConfMissing, .standaloneAwaited,
      .fileReloaded, .nacosAwaited, .consulRetried, .consulServicesRetried, .consulNameless,
      .consulDictFull:
      true
    default: false
    }
  }
}
