/// The manifests of templates/, embedded in the binary.
public enum Templates {}
