import Testing

@testable import APISIX
