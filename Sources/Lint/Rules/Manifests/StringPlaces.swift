import SourceText

/// Where the objects of Kubernetes have strings.
///
/// Source: the API server's own description, `/openapi/v2` of 1.20, and the API reference for what came later.
/// Quantities, times and ports that may have a name are no strings.
indirect enum StringPlaces: Sendable {
  case string
  /// In each item of a list and each member of a map.
  case each(StringPlaces)
  case fields([String: StringPlaces])

  /// Those of a kind; of one that is not known, only those that all have.
  static func of(_ kind: String) -> StringPlaces { rows[kind] ?? anyKind }

  private static let anyKind = StringPlaces([(["metadata"], rows["meta"] ?? .string)])

  private init(_ paths: [(way: [Substring], leaf: StringPlaces)]) {
    if let end = paths.first(where: \.way.isEmpty) {
      self = end.leaf
    } else if paths.contains(where: { $0.way[0] == "*" }) {
      self = .each(StringPlaces(paths.map { (Array($0.way.dropFirst()), $0.leaf) }))
    } else {
      self = .fields(
        Dictionary(grouping: paths) { String($0.way[0]) }
          .mapValues { StringPlaces($0.map { (Array($0.way.dropFirst()), $0.leaf) }) })
    }
  }

  private static let rows: [String: StringPlaces] = {
    var rows: [String: StringPlaces] = [:]
    for line in table.replacing("\n  ", with: " ").split(separator: "\n") {
      let words = line.split(separator: " ")
      // Kinds begin with a capital.
      let all = words[0].first?.isUppercase ?? false ? words.dropFirst() + ["metadata:meta"] : words.dropFirst()
      rows[String(words[0])] = StringPlaces(
        all.map { word in
          let parts = word.split(separator: ":")
          return (parts[0].split(separator: "."), parts.count > 1 ? rows[String(parts[1])] ?? .string : .string)
        })
    }
    return rows
  }()

  /// A row: a kind, or what several have; then the ways to its strings, `*` for any item or member, and behind a colon
  /// the row above that goes on from there.
  private static let table = """
    reference apiGroup apiVersion fieldPath kind name namespace path resourceVersion scope uid
    meta annotations.* finalizers.* generateName labels.* name namespace ownerReferences.*:reference resourceVersion uid
    requirement key operator scopeName values.*
    selector matchExpressions.*:requirement matchFields.*:requirement matchLabels.*
    pair name value
    toleration effect key operator value
    rule apiGroups.* apiVersions.* nonResourceURLs.* operations.* resourceNames.* resources.* scope verbs.*
    port appProtocol hostIP name protocol
    near labelSelector:selector matchLabelKeys.* mismatchLabelKeys.* namespaceSelector:selector namespaces.*
      nodeAffinityPolicy nodeTaintsPolicy topologyKey whenUnsatisfiable
    podAffinity preferredDuringSchedulingIgnoredDuringExecution.*.podAffinityTerm:near
      requiredDuringSchedulingIgnoredDuringExecution.*:near
    affinity nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution.*.preference:selector
      nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.*:selector podAffinity:podAffinity
      podAntiAffinity:podAffinity
    resource containerName resource
    item fieldRef:reference key name path resourceFieldRef:resource
    env name value valueFrom.configMapKeyRef:item valueFrom.fieldRef:reference valueFrom.resourceFieldRef:resource
      valueFrom.secretKeyRef:item
    probe exec.command.* grpc.service httpGet.host httpGet.httpHeaders.*:pair httpGet.path httpGet.scheme tcpSocket.host
    profile localhostProfile type
    security appArmorProfile:profile capabilities.add.* capabilities.drop.* fsGroupChangePolicy procMount
      seLinuxOptions.level seLinuxOptions.role seLinuxOptions.type seLinuxOptions.user seccompProfile:profile
      sysctls.*:pair windowsOptions.gmsaCredentialSpec windowsOptions.gmsaCredentialSpecName
      windowsOptions.runAsUserName
    mount mountPath mountPropagation name subPath subPathExpr
    container args.* command.* env.*:env envFrom.*.configMapRef:reference envFrom.*.prefix envFrom.*.secretRef:reference
      image imagePullPolicy lifecycle.postStart:probe lifecycle.preStop:probe livenessProbe:probe name ports.*:port
      readinessProbe:probe restartPolicy securityContext:security startupProbe:probe targetContainerName
      terminationMessagePath terminationMessagePolicy volumeDevices.*.devicePath volumeDevices.*.name
      volumeMounts.*:mount workingDir
    disk cachingMode controllerExpandSecretRef:reference controllerPublishSecretRef:reference diskName diskURI driver
      endpoints endpointsNamespace fsType image initiatorName iqn iscsiInterface keyring kind monitors.*
      nodePublishSecretRef:reference nodeStageSecretRef:reference options.* path pdName pool portals.* secretFile
      secretName secretNamespace secretRef:reference server shareName storagePolicyID storagePolicyName targetPortal
      targetWWNs.* type user volumeAttributes.* volumeHandle volumeID volumePath wwids.*
    files items.*:item name secretName
    claim accessModes.* dataSource:reference dataSourceRef:reference selector:selector storageClassName volumeMode
      volumeName
    volume accessModes.* awsElasticBlockStore:disk azureDisk:disk azureFile:disk cephfs:disk cinder:disk
      claimRef:reference configMap:files csi:disk downwardAPI:files emptyDir.medium
      ephemeral.volumeClaimTemplate.metadata:meta ephemeral.volumeClaimTemplate.spec:claim fc:disk flexVolume:disk
      gcePersistentDisk:disk glusterfs:disk hostPath:disk iscsi:disk local:disk mountOptions.* name nfs:disk
      nodeAffinity.required.nodeSelectorTerms.*:selector persistentVolumeClaim.claimName persistentVolumeReclaimPolicy
      portworxVolume:disk projected.sources.*.configMap:files projected.sources.*.downwardAPI:files
      projected.sources.*.secret:files projected.sources.*.serviceAccountToken.audience
      projected.sources.*.serviceAccountToken.path rbd:disk secret:files storageClassName volumeMode
      vsphereVolume:disk
    podSpec affinity:affinity containers.*:container dnsConfig.nameservers.* dnsConfig.options.*:pair
      dnsConfig.searches.* dnsPolicy ephemeralContainers.*:container hostAliases.*.hostnames.* hostAliases.*.ip hostname
      imagePullSecrets.*:reference initContainers.*:container nodeName nodeSelector.* os.name preemptionPolicy
      priorityClassName readinessGates.*.conditionType restartPolicy runtimeClassName schedulerName
      schedulingGates.*.name securityContext:security serviceAccount serviceAccountName subdomain
      tolerations.*:toleration topologySpreadConstraints.*:near volumes.*:volume
    pod metadata:meta spec:podSpec
    PersistentVolumeClaim spec:claim
    workload completionMode podManagementPolicy selector:selector serviceName strategy.type template:pod
      updateStrategy.type volumeClaimTemplates.*:PersistentVolumeClaim
    endpoint deprecatedTopology.* hints.forZones.*.name hostname ip nodeName targetRef:reference topology.* zone
      addresses.*
    backend resource:reference service.name service.port.name serviceName
    peer ipBlock.cidr ipBlock.except.* namespaceSelector:selector podSelector:selector
    webhook admissionReviewVersions.* clientConfig.service:reference clientConfig.url failurePolicy matchPolicy name
      namespaceSelector:selector objectSelector:selector reinvocationPolicy rules.*:rule sideEffects
    metric container.container container.name describedObject:reference metric.name metric.selector:selector name
    APIService spec.group spec.service:reference spec.version
    ClusterRole aggregationRule.clusterRoleSelectors.*:selector rules.*:rule
    ClusterRoleBinding roleRef:reference subjects.*:reference
    ConfigMap data.*
    CronJob spec.concurrencyPolicy spec.jobTemplate.metadata:meta spec.jobTemplate.spec:workload spec.schedule
      spec.timeZone
    CustomResourceDefinition spec.group spec.names.categories.* spec.names.kind spec.names.listKind spec.names.plural
      spec.names.shortNames.* spec.names.singular spec.scope spec.version spec.versions.*.name
    DaemonSet spec:workload
    Deployment spec:workload
    EndpointSlice addressType endpoints.*:endpoint ports.*:port
    Endpoints subsets.*.addresses.*:endpoint subsets.*.notReadyAddresses.*:endpoint subsets.*.ports.*:port
    HorizontalPodAutoscaler spec.metrics.*.containerResource:metric spec.metrics.*.external:metric
      spec.metrics.*.object:metric spec.metrics.*.pods:metric spec.metrics.*.resource:metric spec.metrics.*.type
      spec.scaleTargetRef:reference
    Ingress spec.backend:backend spec.defaultBackend:backend spec.ingressClassName spec.rules.*.host
      spec.rules.*.http.paths.*.backend:backend spec.rules.*.http.paths.*.path spec.rules.*.http.paths.*.pathType
      spec.tls.*.hosts.* spec.tls.*.secretName
    IngressClass spec.controller spec.parameters:reference
    Job spec:workload
    Kustomization commonAnnotations.* commonLabels.* images.*.newTag namePrefix nameSuffix namespace
    Lease spec.holderIdentity
    LimitRange spec.limits.*.type
    MutatingWebhookConfiguration webhooks.*:webhook
    Namespace spec.finalizers.*
    NetworkPolicy spec.egress.*.ports.*.protocol spec.egress.*.to.*:peer spec.ingress.*.from.*:peer
      spec.ingress.*.ports.*.protocol spec.podSelector:selector spec.policyTypes.*
    Node spec.podCIDR spec.podCIDRs.* spec.providerID spec.taints.*:toleration
    PersistentVolume spec:volume
    Pod spec:podSpec
    PodDisruptionBudget spec.selector:selector
    PodTemplate template:pod
    PriorityClass description preemptionPolicy
    ReplicaSet spec:workload
    ReplicationController spec.selector.* spec.template:pod
    ResourceQuota spec.scopeSelector.matchExpressions.*:requirement spec.scopes.*
    Role rules.*:rule
    RoleBinding roleRef:reference subjects.*:reference
    RuntimeClass handler scheduling.nodeSelector.* scheduling.tolerations.*:toleration
    Secret data.* stringData.* type
    Service spec.clusterIP spec.clusterIPs.* spec.externalIPs.* spec.externalName spec.externalTrafficPolicy
      spec.internalTrafficPolicy spec.ipFamilies.* spec.ipFamilyPolicy spec.loadBalancerClass spec.loadBalancerIP
      spec.loadBalancerSourceRanges.* spec.ports.*:port spec.selector.* spec.sessionAffinity spec.topologyKeys.*
      spec.trafficDistribution spec.type
    ServiceAccount imagePullSecrets.*:reference secrets.*:reference
    StatefulSet spec:workload
    StorageClass allowedTopologies.*.matchLabelExpressions.*:requirement mountOptions.* parameters.* provisioner
      reclaimPolicy volumeBindingMode
    ValidatingWebhookConfiguration webhooks.*:webhook
    """
}
