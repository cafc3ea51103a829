// Forms of the RBAC manifests other than plain objects. They refer to the objects, so they are no resources of their
// own.
extension Templates {
  public static let kustomization = """
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      {{files}}

    """

  public static let helmValues = """
    # Values for the chart apache/apisix: discovery on, under an account of its own.
    apisix:
      discovery:
        enabled: true
        registry:
    {{^endpointSlices}}
          kubernetes: {}
    {{/endpointSlices}}
    {{#endpointSlices}}
          kubernetes:
            watch_endpoint_slices: true
    {{/endpointSlices}}
    # The chart's own ClusterRole covers Endpoints only, so account and role come with extraDeploy.
    # Install the release into namespace {{namespace}}: pods use accounts of their own namespace only.
    serviceAccount:
      create: false
      name: {{name}}
    rbac:
      create: false
    extraDeploy:
      {{objects}}

    """

  public static let projectedToken = """
    # A patch for the Deployment of APISIX: a token that Kubernetes renews, as a file.
    #   kubectl -n {{namespace}} patch deployment NAME --patch-file FILE
    # In config.yaml: client.token_file: {{tokenFile}}
    # APISIX reads the file again for each request since 3.13; older releases read it once, at the start.
    spec:
      template:
        spec:
          serviceAccountName: {{name}}
          containers:
            - name: {{container}}
              volumeMounts:
                - name: kubernetes-api-token
                  mountPath: {{mountPath}}
                  readOnly: true
          volumes:
            - name: kubernetes-api-token
              projected:
                defaultMode: 0444
                sources:
                  - serviceAccountToken:
                      path: token
                      expirationSeconds: {{expirationSeconds}}
                  - configMap:
                      name: kube-root-ca.crt
                      items:
                        - key: ca.crt
                          path: ca.crt

    """
}
